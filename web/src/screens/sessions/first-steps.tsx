import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useApi } from "../../app/client.ts";
import { Button, buttonClasses } from "../../ui/button.tsx";
import { Empty } from "../../ui/empty.tsx";
import { useNewSession } from "./use-new-session.ts";

/** What to do where nobody has done anything yet. */
export default function FirstSteps() {
  const { isMaking, create } = useNewSession();
  const { data } = useQuery(useApi().config.providers.queryOptions());
  const isOffline = data?.providers.every(({ id }) => id === "offline") === true;
  return (
    <Empty title="No sessions yet">
      <p className="mb-3 max-w-prose">
        {isOffline
          ? "No AI model is connected yet: give a provider's key, or try the offline guide, which knows a few commands."
          : "Begin one here, in a terminal or in any other client: all of them show up in this list."}
      </p>
      <div className="flex flex-wrap justify-center gap-2">
        {isOffline && (
          <Link to="/settings/{-$section}" params={{ section: "providers" }} className={buttonClasses("primary")}>
            Connect a model
          </Link>
        )}
        <Button disabled={isMaking} onClick={create}>
          {isOffline ? "Try the guide" : "Begin a session"}
        </Button>
      </div>
    </Empty>
  );
}
