import { expect, test } from "vitest";
import { foundBy, ownFirst } from "../web/src/app/found.ts";

const named = (title: string, group: string) => ({ id: `${group} ${title}`, title, group, run: () => {} });

test("the palette lists first what is called as it was written, and then what only holds the letters", () => {
  const actions = [
    named("Do it while nobody looks on", "Session"),
    named("Sign me in and down", "Session"),
    named("The countdown", "Session"),
    named("Down", "Session"),
    named("Usage", "Go to"),
  ];
  const titles = (query: string) => foundBy(query, actions).map(({ title }) => title);
  expect(titles("down")).toEqual(["Down", "Sign me in and down", "The countdown", "Do it while nobody looks on"]);
  expect(titles("dil")).toEqual(["Do it while nobody looks on"]);
  expect(titles("go to us")).toEqual(["Usage"]);
  expect(titles("")).toEqual(actions.map(({ title }) => title));
});

test("what the screen offers comes before what every screen does", () => {
  const actions = [named("Inbox", "Go to"), named("Stop", "Session"), named("Theme: dark", "Page"), named("Allow once", "Answer")];
  expect(ownFirst(actions).map(({ title }) => title)).toEqual(["Stop", "Allow once", "Inbox", "Theme: dark"]);
});
