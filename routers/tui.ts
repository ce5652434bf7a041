import { z } from "zod";
import { addressed } from "../src/schema/id.ts";
import { TuiDialog, TuiEvent, TuiToast } from "../src/schema/tui.ts";
import { type Context, type Meta, procedure, router } from "./trpc.ts";
import { controlProcedures } from "./tui-control.ts";

const told = "True as soon as it is told, whether or not a terminal client follows the events of the directory.";

function meta(
  path: string,
  operationId: string,
  { aliases, ...texts }: { summary: string; description?: string; aliases?: string[] },
): Meta {
  const openapi = { method: "POST" as const, path: `/tui/${path}` as const, operationId, tags: ["tui"], description: told, ...texts };
  return { scope: "prompt", openapi, ...(aliases && { rest: { aliases } }) };
}

/** What makes a terminal client act: it acts for the person before it, whose commands need no permission. */
function acting(...told: Parameters<typeof meta>): Meta {
  return { ...meta(...told), person: true };
}

/** Where what is told belongs. */
async function scopeOf(ctx: Context): Promise<{ directory: string; projectID: string }> {
  const { directory, project } = await ctx.instance();
  return { directory, projectID: project.id };
}

const opening = (dialog: TuiDialog, summary: string) =>
  procedure
    .meta(meta(`open-${dialog}`, `tui.open${dialog[0]?.toUpperCase()}${dialog.slice(1)}`, { summary }))
    .output(z.boolean())
    .mutation(async ({ ctx }) => {
      ctx.app.tui.open(dialog, await scopeOf(ctx));
      return true;
    });

const commanding = (path: string, command: string, { operationId, summary }: { operationId: string; summary: string }) =>
  procedure
    .meta(acting(path, operationId, { summary }))
    .output(z.boolean())
    .mutation(async ({ ctx }) => {
      ctx.app.tui.execute(command, await scopeOf(ctx));
      return true;
    });

/** Driving the terminal clients of a directory: each call is an event that they follow. */
export const tuiRouter = router({
  ...controlProcedures,

  openHelp: opening("help", "Open the help dialog"),
  openSessions: opening("sessions", "Open the dialog of sessions"),
  openThemes: opening("themes", "Open the dialog of themes"),
  openModels: opening("models", "Open the dialog of models"),

  openDialog: procedure
    .meta(meta("dialog", "tui.openDialog", { summary: "Open a dialog" }))
    .input(z.object({ dialog: TuiDialog }))
    .output(z.boolean())
    .mutation(async ({ ctx, input }) => {
      ctx.app.tui.open(input.dialog, await scopeOf(ctx));
      return true;
    }),

  submitPrompt: commanding("submit-prompt", "prompt.submit", { operationId: "tui.submitPrompt", summary: "Submit the prompt" }),
  clearPrompt: commanding("clear-prompt", "prompt.clear", { operationId: "tui.clearPrompt", summary: "Clear the prompt" }),

  appendPrompt: procedure
    .meta(meta("append-prompt", "tui.appendPrompt", { summary: "Append text to the prompt" }))
    .input(z.object({ text: z.string() }))
    .output(z.boolean())
    .mutation(async ({ ctx, input }) => {
      ctx.app.tui.append(input.text, await scopeOf(ctx));
      return true;
    }),

  replacePrompt: procedure
    .meta(
      meta("prompt", "tui.replacePrompt", {
        summary: "Replace the prompt",
        description: `Clears the prompt and appends the text. ${told}`,
      }),
    )
    .input(z.object({ text: z.string() }))
    .output(z.boolean())
    .mutation(async ({ ctx, input }) => {
      ctx.app.tui.replace(input.text, await scopeOf(ctx));
      return true;
    }),

  executeCommand: procedure
    .meta(
      acting("execute-command", "tui.executeCommand", {
        summary: "Run a command of the terminal client",
        description: `\`session.new\`, \`agent.cycle\`, …; \`session_new\` is understood too. A command that terminal clients do not know is a 400 that lists them; \`/tui/publish\` takes any. ${told}`,
        aliases: ["POST /tui/command"],
      }),
    )
    .input(z.object({ command: z.string() }))
    .output(z.boolean())
    .mutation(async ({ ctx, input }) => {
      ctx.app.tui.execute(input.command, await scopeOf(ctx));
      return true;
    }),

  showToast: procedure
    .meta(
      meta("show-toast", "tui.showToast", {
        summary: "Show a notice",
        description: `For \`duration\` milliseconds, 5000 unless told. ${told}`,
        aliases: ["POST /tui/toast"],
      }),
    )
    .input(z.object(TuiToast.shape))
    .output(z.boolean())
    .mutation(async ({ ctx, input }) => {
      ctx.app.tui.toast(input, await scopeOf(ctx));
      return true;
    }),

  publish: procedure
    .meta({ ...acting("publish", "tui.publish", { summary: "Publish an event for terminal clients" }), rest: { payload: "event" } })
    .input(z.object({ event: TuiEvent }))
    .output(z.boolean())
    .mutation(async ({ ctx, input }) => {
      await ctx.app.tui.publish(input.event, await scopeOf(ctx));
      return true;
    }),

  selectSession: procedure
    .meta(meta("select-session", "tui.selectSession", { summary: "Show a session", description: `404 for an unknown one. ${told}` }))
    .input(z.object({ sessionID: addressed.session }))
    .output(z.boolean())
    .mutation(async ({ ctx, input }) => {
      await ctx.app.tui.publish({ type: "tui.session.select", properties: input }, await scopeOf(ctx));
      return true;
    }),
});
