import { getRouteApi, Link, useRouter } from "@tanstack/react-router";
import { type ComponentType, lazy, Suspense } from "react";
import { useActions } from "../../app/actions.ts";
import { DirectorySelect } from "../../ui/directory-select.tsx";
import { Empty } from "../../ui/empty.tsx";
import { Screen } from "../../ui/screen.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { useMayChange } from "./rights.ts";
import { type SectionName, sections } from "./sections.ts";

const route = getRouteApi("/settings/{-$section}");

/** Each section gets the directory that it is about; undefined: the server's own. */
const contents: Record<SectionName, ComponentType<{ directory: string | undefined }>> = {
  providers: lazy(() => import("./providers.tsx").then(({ Providers }) => ({ default: Providers }))),
  models: lazy(() => import("./models.tsx").then(({ Models }) => ({ default: Models }))),
  agents: lazy(() => import("./agents.tsx").then(({ Agents }) => ({ default: Agents }))),
  mcp: lazy(() => import("./mcp.tsx").then(({ McpServers }) => ({ default: McpServers }))),
  languages: lazy(() => import("./languages.tsx").then(({ Languages }) => ({ default: Languages }))),
  config: lazy(() => import("./config.tsx").then(({ Configuration }) => ({ default: Configuration }))),
  tokens: lazy(() => import("./tokens.tsx").then(({ Tokens }) => ({ default: Tokens }))),
  audit: lazy(() => import("./audit.tsx").then(({ Audit }) => ({ default: Audit }))),
  doctor: lazy(() => import("./doctor.tsx").then(({ Doctor }) => ({ default: Doctor }))),
};

/** What the server works with, and who may use it. */
export function Settings() {
  const { section = "providers" } = route.useParams();
  const { directory } = route.useSearch();
  const navigate = route.useNavigate();
  const found = sections.find(({ name }) => name === section);
  useSectionActions();
  const Content = found && contents[found.name];
  return (
    <Screen
      title={found?.title ?? "Settings"}
      actions={
        <DirectorySelect
          value={directory}
          onChoose={(chosen) => void navigate({ search: (before) => ({ ...before, directory: chosen }), replace: true })}
        />
      }
    >
      <div className="flex min-w-0 flex-1 flex-col md:flex-row">
        <SectionLinks directory={directory} />
        <div className="flex min-w-0 flex-1 flex-col gap-4 p-4">
          <RightsNotice />
          {Content === undefined && <Empty title="There is no such section">The list of sections has those that there are.</Empty>}
          <Suspense fallback={<Spinner label="Loading the section" className="size-6" />}>
            {Content !== undefined && <Content key={`${section} ${directory ?? ""}`} directory={directory} />}
          </Suspense>
        </div>
      </div>
    </Screen>
  );
}

const link =
  "flex min-h-8 items-center whitespace-nowrap rounded-md px-2.5 text-muted hover:bg-hover hover:text-text data-[status=active]:bg-hover data-[status=active]:font-medium data-[status=active]:text-text touch:min-h-11";

function SectionLinks({ directory }: { directory: string | undefined }) {
  const { section } = route.useParams();
  const shown = section ?? "providers";
  return (
    <nav
      aria-label="Sections"
      className="flex shrink-0 gap-1 overflow-x-auto border-line border-b p-2 md:w-44 md:flex-col md:overflow-visible md:border-r md:border-b-0"
    >
      {sections.map(({ name, title }) => (
        <Link
          key={name}
          ref={(element) => (name === shown ? element?.scrollIntoView({ block: "nearest", inline: "nearest" }) : undefined)}
          to="/settings/{-$section}"
          params={{ section: name }}
          search={{ directory }}
          activeOptions={{ includeSearch: false }}
          data-status={section === undefined && name === "providers" ? "active" : undefined}
          className={link}
        >
          {title}
        </Link>
      ))}
      <Link to="/usage" className={link}>
        Usage
      </Link>
    </nav>
  );
}

function RightsNotice() {
  if (useMayChange() !== false) return null;
  return (
    <p role="status" className="rounded-lg border border-warn px-3 py-2 text-warn">
      You signed in with a token that may not change settings: what needs the scope admin is not shown or is refused. Sign in with the
      password, or with a token of scope admin.
    </p>
  );
}

function useSectionActions(): void {
  const router = useRouter();
  useActions(() =>
    sections.map(({ name, title }) => ({
      id: `settings.${name}`,
      title: `Settings: ${title}`,
      group: "Go to",
      run: () => void router.navigate({ to: "/settings/{-$section}", params: { section: name } }),
    })),
  );
}
