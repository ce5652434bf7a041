import { z } from "zod";
import { ChatInput } from "./chat.ts";
import { addressed } from "./id.ts";
import { PermissionReply } from "./permission.ts";
import { QuestionAnswer } from "./question.ts";

/** Comes back on every frame that answers the client's. */
const id = z.union([z.string(), z.number()]).optional();

const frame = <Type extends string, Shape extends z.ZodRawShape>(type: Type, shape: Shape) =>
  z.object({ type: z.literal(type), id, ...shape });

/** What a client of `/ws` may say in the chat protocol; `docs/websocket.md` has it for people. */
export const ClientFrame = z.discriminatedUnion("type", [
  frame("chat", ChatInput.shape),
  frame("abort", { sessionId: addressed.session }),
  frame("permission", {
    permissionId: addressed.permission,
    reply: PermissionReply,
    message: z.string().optional(),
  }),
  frame("question", { questionId: addressed.question, answers: z.array(QuestionAnswer) }),
  frame("question_reject", { questionId: addressed.question }),
  frame("subscribe", { after: z.int().min(0).optional(), directory: z.literal("all").optional() }),
  frame("unsubscribe", {}),
  frame("ping", {}),
]);
export type ClientFrame = z.infer<typeof ClientFrame>;

export const clientFrameTypes: string[] = ClientFrame.options.map(({ shape }) => shape.type.value);
