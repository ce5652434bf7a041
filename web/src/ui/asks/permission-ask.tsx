import { type ReactNode, useState } from "react";
import type { PermissionRequest } from "../../../../src/client/client.ts";
import { useActions } from "../../app/actions.ts";
import { Button } from "../button.tsx";
import { classes } from "../classes.ts";
import { Code } from "../code.tsx";
import { Icon } from "../icon.tsx";
import { type PermissionAnswers, usePermissionAnswers } from "./answering.ts";
import { DenyForm } from "./deny-form.tsx";
import { permissionDetail, permissionReach, permissionSubject, permissionTitle } from "./permission-words.ts";

interface PermissionAskProps {
  request: PermissionRequest;
  /** Where it comes from, beside the title. */
  origin?: ReactNode;
  /** The keys answer this one. */
  isCurrent?: boolean;
}

/** A request for permission, to be answered. */
export function PermissionAsk({ request, origin, isCurrent = false }: PermissionAskProps) {
  const answers = usePermissionAnswers(request);
  const [isDenying, setDenying] = useState(false);
  useAnswerKeys(isCurrent && !answers.isAnswering, answers, () => setDenying(true));
  const detail = permissionDetail(request);
  const title = permissionTitle(request);
  const subject = permissionSubject(request);
  return (
    <section aria-label={`Permission: ${title}`} className="rounded-xl border border-accent bg-raised p-3">
      <header className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <Icon name="warning" className="size-4 text-accent" />
        <h2 className="font-semibold">{title}</h2>
        {subject !== undefined && <code className="min-w-0 break-all font-mono text-xs">{subject}</code>}
        <span className="min-w-0 text-muted text-xs">{origin}</span>
      </header>
      {detail !== undefined && (
        // What is allowed must be seen whole: only a diff keeps its lines.
        <div
          className={classes(
            "max-h-64 overflow-y-auto",
            detail.language !== "diff" && "[&_pre]:whitespace-pre-wrap [&_pre]:break-words touch:[&_pre]:pr-14",
          )}
        >
          <Code code={detail.text} language={detail.language} />
        </div>
      )}
      {isDenying ? (
        <DenyForm isAnswering={answers.isAnswering} onDeny={answers.deny} onCancel={() => setDenying(false)} />
      ) : (
        <Choices request={request} answers={answers} onDeny={() => setDenying(true)} />
      )}
    </section>
  );
}

function useAnswerKeys(isOn: boolean, answers: PermissionAnswers, deny: () => void): void {
  const group = "Answer";
  useActions(() =>
    isOn
      ? [
          { id: "ask.once", title: "Allow once", group, keys: "a", run: answers.once },
          { id: "ask.session", title: "Allow for this session", group, keys: "s", run: answers.session },
          { id: "ask.always", title: "Allow always", group, keys: "shift+a", run: answers.always },
          { id: "ask.deny", title: "Deny", group, keys: "d", run: deny },
        ]
      : [],
  );
}

function Choices({ request, answers, onDeny }: { request: PermissionRequest; answers: PermissionAnswers; onDeny(): void }) {
  const reach = permissionReach(request);
  return (
    <>
      <div className="mt-2 flex flex-wrap gap-2 [&>button]:grow sm:[&>button]:grow-0">
        <Button variant="primary" disabled={answers.isAnswering} onClick={answers.once}>
          Allow once
        </Button>
        <Button disabled={answers.isAnswering} onClick={answers.session} title={`In this session: ${reach}`}>
          For this session
        </Button>
        <Button disabled={answers.isAnswering} onClick={answers.always} title={`In this project: ${reach}`}>
          Always
        </Button>
        <Button variant="danger" disabled={answers.isAnswering} onClick={onDeny}>
          Deny…
        </Button>
      </div>
      <p className="mt-1.5 break-words text-muted text-xs">The session's and the lasting answer allow {reach}.</p>
    </>
  );
}
