import { Outlet, useRouter } from "@tanstack/react-router";
import { lazy, Suspense, useRef, useState } from "react";
import { Spinner } from "../ui/spinner.tsx";
import { useActions } from "./actions.ts";
import { ConnectionNotice } from "./connection-notice.tsx";
import { useKeys } from "./keys.ts";
import { forgetLogin, secretKind } from "./login.ts";
import { places } from "./navigation.ts";
import { Navigation } from "./navigation-bar.tsx";
import { useNotifying } from "./notifying.ts";
import { chooseTheme } from "./theme.ts";
import { useBadge } from "./title.ts";
import { ToastList } from "./toast-list.tsx";

const Palette = lazy(() => import("./palette.tsx").then(({ Palette }) => ({ default: Palette })));
const Shortcuts = lazy(() => import("./shortcuts.tsx").then(({ Shortcuts }) => ({ default: Shortcuts })));

/** The page begins anew, and asks for the password. */
function signOut(): void {
  forgetLogin();
  location.reload();
}

/** What is around every screen: navigation, notices, the palette and the keys. */
export function Shell() {
  const [overlay, setOverlay] = useState<"palette" | "shortcuts">();
  const main = useRef<HTMLElement>(null);
  useKeys();
  useBadge();
  useNotifying();
  useShellActions(setOverlay);
  const close = () => setOverlay(undefined);
  return (
    <div className="flex h-dvh flex-col-reverse md:flex-row">
      <button
        type="button"
        onClick={() => main.current?.focus()}
        className="sr-only focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-accent focus:px-3 focus:py-2 focus:text-on-accent"
      >
        Skip to the content
      </button>
      <Navigation onPalette={() => setOverlay("palette")} />
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <ConnectionNotice />
        <main ref={main} tabIndex={-1} className="flex min-h-0 min-w-0 flex-1 flex-col overflow-auto outline-none">
          <Suspense fallback={<Loading />}>
            <Outlet />
          </Suspense>
        </main>
      </div>
      <ToastList />
      <Suspense>
        {overlay === "palette" && <Palette onClose={close} />}
        {overlay === "shortcuts" && <Shortcuts onClose={close} />}
      </Suspense>
    </div>
  );
}

function Loading() {
  return (
    <div className="flex flex-1 items-center justify-center">
      <Spinner className="size-6" />
    </div>
  );
}

function useShellActions(show: (overlay: "palette" | "shortcuts") => void): void {
  const router = useRouter();
  useActions(() => [
    { id: "palette", title: "Search for what to do", keys: "mod+k", isHidden: true, run: () => show("palette") },
    { id: "shortcuts", title: "Show the shortcuts", group: "Page", keys: "?", run: () => show("shortcuts") },
    ...places.map(({ to, title, keys }) => ({
      id: `go.${title.toLowerCase()}`,
      title,
      group: "Go to",
      keys,
      run: () => void router.navigate({ to }),
    })),
    ...(["light", "dark", "system"] as const).map((theme) => ({
      id: `theme.${theme}`,
      title: `Theme: ${theme}`,
      group: "Page",
      run: () => chooseTheme(theme),
    })),
    ...(secretKind() === undefined ? [] : [{ id: "login.forget", title: "Sign out", group: "Page", run: signOut }]),
  ]);
}
