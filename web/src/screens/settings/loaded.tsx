import type { ReactNode } from "react";
import { reasonOf } from "../../live/follow.ts";
import { Button } from "../../ui/button.tsx";
import { Empty } from "../../ui/empty.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { isForbidden } from "./rights.ts";

interface LoadedProps<Data> {
  query: { data: Data | undefined; error: { message: string } | null; refetch(): Promise<unknown> };
  /** What is loaded, as in "The tokens". */
  what: string;
  children(data: Data): ReactNode;
}

/** What a query brought, or why it did not. */
export function Loaded<Data>({ query: { data, error, refetch }, what, children }: LoadedProps<Data>) {
  if (data !== undefined) return children(data);
  if (error === null) {
    return (
      <div className="flex justify-center p-8">
        <Spinner label={`Loading: ${what}`} className="size-6" />
      </div>
    );
  }
  if (isForbidden(error)) {
    return (
      <Empty title="This needs the scope admin">
        {what} are shown to who signs in with the password or with a token of scope admin. The server says: {error.message}
      </Empty>
    );
  }
  return (
    <Empty title={`${what} could not be loaded`} role="alert">
      <p className="mb-3">{reasonOf(error)}</p>
      <Button onClick={() => void refetch()}>Try again</Button>
    </Empty>
  );
}

/** A part of a section with its name. */
export function Group({ title, actions, children }: { title: string; actions?: ReactNode; children: ReactNode }) {
  return (
    <section className="min-w-0">
      <div className="mb-2 flex min-h-8 flex-wrap items-center gap-2">
        <h2 className="min-w-0 flex-1 font-semibold text-base">{title}</h2>
        {actions}
      </div>
      {children}
    </section>
  );
}

/** One of a list: what it is, and what can be done with it. */
export function Item({ children, actions }: { children: ReactNode; actions?: ReactNode }) {
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 px-3 py-2.5">
      <div className="min-w-0 flex-1 basis-60">{children}</div>
      {actions !== undefined && <div className="flex flex-wrap gap-1.5">{actions}</div>}
    </li>
  );
}

export const listClasses = "divide-y divide-line rounded-lg border border-line";
