import { getRouteApi } from "@tanstack/react-router";
import { useCalls } from "../../app/client.ts";
import { toast, toastFault } from "../../app/toasts.ts";
import { Button } from "../../ui/button.tsx";
import { DirectorySelect } from "../../ui/directory-select.tsx";
import { Answering, Asking } from "./control-queue.tsx";
import { Telling } from "./telling.tsx";
import { Told } from "./told.tsx";

const route = getRouteApi("/events");

/** Drives the terminal clients of a directory, and plays either side of the queue between them and programs. */
export function Control() {
  const { directory } = route.useSearch();
  const navigate = route.useNavigate();
  const choose = (next: string | undefined) => void navigate({ search: (before) => ({ ...before, directory: next }) });
  return (
    <div className="flex flex-col gap-6 p-4">
      <div className="flex flex-wrap items-center gap-3">
        <DirectorySelect value={directory} onChoose={choose} />
        <p className="text-muted">Terminal clients that are attached to it follow what is told here.</p>
      </div>
      <Buttons directory={directory} />
      <Telling key={directory ?? ""} directory={directory} />
      <div className="grid gap-6 lg:grid-cols-2">
        <Asking key={`ask ${directory}`} directory={directory} />
        <Answering key={`answer ${directory}`} directory={directory} />
      </div>
      <Told />
    </div>
  );
}

function Buttons({ directory }: { directory: string | undefined }) {
  const { tui } = useCalls(directory);
  const buttons: [title: string, run: () => Promise<boolean>][] = [
    ["Open help", () => tui.openHelp.mutate()],
    ["Open sessions", () => tui.openSessions.mutate()],
    ["Open themes", () => tui.openThemes.mutate()],
    ["Open models", () => tui.openModels.mutate()],
    ["Submit the prompt", () => tui.submitPrompt.mutate()],
    ["Clear the prompt", () => tui.clearPrompt.mutate()],
  ];
  return (
    <section aria-labelledby="control-buttons">
      <h2 id="control-buttons" className="mb-2 font-semibold">
        Tell at once
      </h2>
      <div className="flex flex-wrap gap-2">
        {buttons.map(([title, run]) => (
          <Button key={title} onClick={() => void run().then(() => toast(`Told: ${title.toLowerCase()}`, { tone: "ok" }), toastFault)}>
            {title}
          </Button>
        ))}
      </div>
    </section>
  );
}
