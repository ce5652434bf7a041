import { createClient, type PermissionReply } from "codeport/client";
import { GrammyError, InlineKeyboard, Bot as Telegram } from "grammy";
import { createBot, type Platform } from "../bot-adapter/bot-adapter.ts";
import { openJournal } from "../bot-adapter/journal.ts";
import { botSettings, required, untilStopped } from "../bot-adapter/settings.ts";

const { url, password, users, approvers, journal } = botSettings("telegram");
const telegram = new Telegram(required("TELEGRAM_TOKEN"), { client: { apiRoot: process.env.TELEGRAM_API ?? "https://api.telegram.org" } });

const platform: Platform = {
  name: "telegram",
  limit: 4096,
  pace: 1_000,
  post: async (chat, text) => String((await telegram.api.sendMessage(chat, text)).message_id),
  edit: async (chat, message, text) => void (await telegram.api.editMessageText(chat, Number(message), text).catch(unlessSame)),
  async ask(chat, text, { id }) {
    const buttons = new InlineKeyboard();
    buttons.text("Allow", `once ${id}`).text("For this session", `session ${id}`).row();
    buttons.text("Always", `always ${id}`).text("Refuse", `reject ${id}`);
    return String((await telegram.api.sendMessage(chat, text, { reply_markup: buttons })).message_id);
  },
};

await using client = createClient({ url, password });
const bot = createBot({ client, platform, users, approvers, journal: await openJournal(journal) });

// Updates are confirmed when their handler is done, and it is done when the message is kept: none is lost, and none waits for an answer.
telegram.on("message:text", ({ chat, from, msg }) =>
  bot.receive({ id: `${chat.id}:${msg.message_id}`, conversation: String(chat.id), user: String(from.id), text: msg.text }),
);
telegram.on("callback_query:data", async (context) => {
  const [reply, requestID = ""] = context.callbackQuery.data.split(" ") as [PermissionReply, string?];
  const decision = { conversation: String(context.chatId), user: String(context.from.id), requestID, reply };
  await context.answerCallbackQuery({ text: await bot.decide(decision) });
});
telegram.catch(({ error }) => console.error(error));

const stopped = untilStopped();
// Where Telegram is away, what was not confirmed comes again after the next start.
stopped.addEventListener("abort", () => void telegram.stop().catch((error: Error) => console.error(error.message)));
await Promise.all([telegram.start({ onStart: ({ username }) => console.log(`@${username} listens.`) }), bot.run(stopped)]);

function unlessSame(error: unknown): void {
  if (!(error instanceof GrammyError) || !error.description.includes("not modified")) throw error;
}
