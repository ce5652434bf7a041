#!/usr/bin/env node
// Old Nodes must be able to parse this file: no static import, no top-level await, nothing newer than ES2018.
const floor = [22, 18, 0];
const running = process.versions.node.split(".").map(Number);
const gap = floor.map((part, index) => running[index] - part).find((difference) => difference !== 0);

if (gap < 0) {
  process.stderr.write(`codeport needs Node ${floor.join(".")} or newer; this is Node ${process.versions.node}.\n`);
  process.exitCode = 3;
} else {
  void start();
}

async function start() {
  const module = await import("node:module");
  module.enableCompileCache();
  // A server that is killed never reaches the exit that would write the cache.
  setTimeout(() => module.flushCompileCache(), 2000).unref();
  await import("../dist/main.js");
}
