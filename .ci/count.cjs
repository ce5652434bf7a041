// Adds up the test runner's JSON reports in a directory. A file that could not be loaded counts as one failure, and so does a missing report.
const { readdirSync, readFileSync } = require("node:fs");
const { join } = require("node:path");

const directory = process.argv[2];
const reports = readdirSync(directory).map((name) => JSON.parse(readFileSync(join(directory, name), "utf8")));
const unloaded = (report) =>
  report.testResults.filter((file) => file.status === "failed" && file.assertionResults.every((test) => test.status !== "failed"));
const sum = (count) => reports.reduce((total, report) => total + count(report), 0);

const passed = sum((report) => report.numPassedTests);
const failed = sum((report) => report.numFailedTests + unloaded(report).length) + (reports.length === 0 ? 1 : 0);
console.log(`${passed} passed, ${failed} failed`);
