/*
 * Keeps the files of the page whose names hold the hash of their content, and nothing else: the page itself and every answer of the server
 * come from the server each time, so an update is there with the next load, and nothing of anybody's stays in the browser.
 */
const name = "codeport-assets";
/** Files kept: about two versions of the page. The oldest go first. */
const most = 300;
const assets = new URL("assets/", self.registration.scope).href;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { method, url, headers } = event.request;
  if (method === "GET" && url.startsWith(assets) && !headers.has("range")) event.respondWith(answer(event));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(showInbox());
});

/** In a window that is open already, which goes there itself and keeps what is being written in it. */
async function showInbox() {
  const [open] = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (open === undefined) return self.clients.openWindow(new URL("inbox", self.registration.scope).href);
  await open.focus();
  open.postMessage("inbox");
}

/** Where nothing can be kept (the disk is full, the browser says no), files come from the server. */
async function answer(event) {
  const cache = await caches.open(name).catch(() => undefined);
  const known = await cache?.match(event.request, { ignoreVary: true }).catch(() => undefined);
  if (known !== undefined) return known;
  const response = await fetch(event.request);
  const isWhole = response.status === 200 && response.type === "basic";
  if (cache !== undefined && isWhole) event.waitUntil(keep(cache, event.request, response.clone()).catch(() => undefined));
  return response;
}

async function keep(cache, request, response) {
  await cache.put(request, response);
  const kept = await cache.keys();
  await Promise.all(kept.slice(0, Math.max(0, kept.length - most)).map((old) => cache.delete(old)));
}
