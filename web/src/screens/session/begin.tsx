import { Link } from "@tanstack/react-router";
import { buttonClasses } from "../../ui/button.tsx";
import { Empty } from "../../ui/empty.tsx";
import { useModels } from "./use-models.ts";

/** A session in which nothing was said yet: what to do, and who will answer where that is no AI. */
export function Begin({ sessionID }: { sessionID: string }) {
  const { current } = useModels(sessionID);
  if (current?.providerID !== "offline") return <Empty title="Nothing was said yet">Write below what is to be done.</Empty>;
  return (
    <Empty title="No AI model is connected">
      <p className="mb-3">
        The offline guide answers: it knows a few commands, as in <q>list the files</q>. To work with an AI, give a provider's key.
      </p>
      <Link to="/settings/{-$section}" params={{ section: "providers" }} className={buttonClasses("primary")}>
        Connect a model
      </Link>
    </Empty>
  );
}
