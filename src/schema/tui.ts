import { z } from "zod";
import { type AnyEvent, liveEvents } from "./event.ts";

const { shape: append } = liveEvents["tui.prompt.append"];
const { shape: execute } = liveEvents["tui.command.execute"];
const { shape: toast } = liveEvents["tui.toast.show"];
const { shape: select } = liveEvents["tui.session.select"];

/** What a terminal client can be told, as whoever publishes it writes it: the event gets its id from the log. */
export const TuiEvent = z.discriminatedUnion("type", [
  z.object({ type: append.type, properties: append.properties }).meta({ id: "EventTuiPromptAppend" }),
  z.object({ type: execute.type, properties: execute.properties }).meta({ id: "EventTuiCommandExecute" }),
  z.object({ type: toast.type, properties: toast.properties }).meta({ id: "EventTuiToastShow" }),
  z.object({ type: select.type, properties: select.properties }).meta({ id: "EventTuiSessionSelect" }),
]);
export type TuiEvent = z.infer<typeof TuiEvent>;

export const TuiToast = toast.properties;
export type TuiToast = Extract<AnyEvent, { type: "tui.toast.show" }>["properties"];

/** The dialogs of a terminal client (document 000). */
export const TuiDialog = z.enum(["help", "sessions", "themes", "models"]);
export type TuiDialog = z.infer<typeof TuiDialog>;

/** What a program asks of a terminal client: an address of the client's own, and what it needs to know. */
export const TuiRequest = z.object({ path: z.string().min(1), body: z.unknown() });
export type TuiRequest = z.infer<typeof TuiRequest>;
