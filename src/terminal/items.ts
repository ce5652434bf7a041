import type { Session } from "../client/client.ts";
import type { Item } from "./picker.ts";
import { slashCommands } from "./slash.ts";
import type { Catalogue } from "./state.ts";
import { primaryAgents } from "./usage.ts";

export function sessionItems(sessions: Session[]): Item[] {
  return sessions.map(({ id, title, time }) => ({ value: id, label: title, hint: new Date(time.updated).toLocaleString() }));
}

export function modelItems({ providers }: Catalogue): Item[] {
  return providers.flatMap(({ id, name, models }) =>
    Object.values(models).map((model) => ({ value: `${id}/${model.id}`, label: model.name, hint: `${name} · ${id}/${model.id}` })),
  );
}

export function agentItems({ agents }: Catalogue): Item[] {
  return primaryAgents(agents).map(({ name, description }) => ({ value: name, label: name, hint: description }));
}

const keys: Item[] = [
  ["Enter", "sends the prompt"],
  ["Alt-Enter, Ctrl-J", "begins a new line"],
  ["Up, Down", "earlier prompts"],
  ["Esc", "interrupts the turn, closes a list"],
  ["Tab", "next agent; completes a command"],
  ["PageUp, PageDown", "scroll"],
  ["Ctrl-O", "whole outputs of tools"],
  ["Ctrl-C", "clears the prompt, then leaves"],
  ["! command", "runs a command in the shell"],
].map(([label = "", hint]) => ({ value: "", label, hint }));

export function helpItems(catalogue: Catalogue): Item[] {
  return [
    ...keys,
    ...slashCommands(catalogue).map(({ name, description }) => ({ value: `/${name} `, label: `/${name}`, hint: description })),
  ];
}
