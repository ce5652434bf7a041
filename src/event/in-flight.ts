import { setTimeout } from "node:timers";
import type { Part, ReasoningPart, TextPart, ToolPart } from "../schema/part.ts";
import type { AppendOptions, NewEvent } from "./log.ts";

export type OpenPart = TextPart | ReasoningPart | ToolPart;

/** Parts this server is writing, ahead of their rows. `checkpoint` is called at most once a second per part, `announce` at most ten times. */
export interface InFlight {
  get(partID: string): OpenPart | undefined;
  all(): { part: OpenPart; options: AppendOptions }[];
  /** New state; its row follows within a second. */
  update(part: OpenPart, options: AppendOptions): void;
  /** As `update`, and watchers are told soon, the newest state only. */
  announce(part: OpenPart, options: AppendOptions): void;
  /** The row is current: nothing pending is to be written or told any more. Open parts stay, closed ones are forgotten. */
  settle(part: { id: string }, open: OpenPart | undefined, options: AppendOptions): void;
  forget(where: (part: OpenPart) => boolean): void;
  dispose(): void;
}

interface Flight {
  part: OpenPart;
  options: AppendOptions;
  checkpoint?: NodeJS.Timeout;
  announcement?: NodeJS.Timeout;
}

const checkpointInterval = 1000;
const announcementInterval = 100;

export function createInFlight(hooks: {
  checkpoint(part: OpenPart, options: AppendOptions): void;
  announce(part: OpenPart, options: AppendOptions): void;
}): InFlight {
  const flights = new Map<string, Flight>();

  function open(part: OpenPart, options: AppendOptions): Flight {
    const flight: Flight = flights.get(part.id) ?? { part, options };
    flight.part = part;
    flights.set(part.id, flight);
    return flight;
  }

  function halt(flight: Flight): void {
    clearTimeout(flight.checkpoint);
    clearTimeout(flight.announcement);
    flight.checkpoint = undefined;
    flight.announcement = undefined;
  }

  function update(part: OpenPart, options: AppendOptions): Flight {
    const flight = open(part, options);
    flight.checkpoint ??= setTimeout(() => {
      flight.checkpoint = undefined;
      hooks.checkpoint(flight.part, flight.options);
    }, checkpointInterval).unref();
    return flight;
  }

  function remove(id: string): void {
    const flight = flights.get(id);
    if (flight === undefined) return;
    halt(flight);
    flights.delete(id);
  }

  return {
    get: (partID) => flights.get(partID)?.part,
    all: () => [...flights.values()],
    update,
    announce(part, options) {
      const flight = update(part, options);
      flight.announcement ??= setTimeout(() => {
        flight.announcement = undefined;
        hooks.announce(flight.part, flight.options);
      }, announcementInterval).unref();
    },
    settle({ id }, part, options) {
      remove(id);
      if (part !== undefined) open(part, options);
    },
    forget(where) {
      for (const { part } of flights.values()) if (where(part)) remove(part.id);
    },
    dispose() {
      for (const flight of flights.values()) halt(flight);
      flights.clear();
    },
  };
}

/** A part that will change again: text without an end, a tool that runs. */
export function isOpen(part: Part): part is OpenPart {
  if (part.type === "tool") return part.state.status === "running";
  return (part.type === "text" || part.type === "reasoning") && part.time !== undefined && part.time.end === undefined;
}

/** What events about to be committed mean for the parts in flight. */
export function settleParts(inFlight: InFlight, events: NewEvent[], options: AppendOptions): void {
  for (const { type, properties } of events) {
    if (type === "message.part.updated") inFlight.settle(properties.part, isOpen(properties.part) ? properties.part : undefined, options);
    if (type === "message.part.removed") inFlight.settle({ id: properties.partID }, undefined, options);
    if (type === "message.removed") inFlight.forget((part) => part.messageID === properties.messageID);
    if (type === "session.deleted") inFlight.forget((part) => part.sessionID === properties.sessionID);
  }
}
