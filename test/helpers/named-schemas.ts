import { z } from "zod";
import * as agent from "../../src/schema/agent.ts";
import * as config from "../../src/schema/config.ts";
import { durableEvents, liveEvents } from "../../src/schema/event.ts";
import * as experimental from "../../src/schema/experimental.ts";
import * as file from "../../src/schema/file.ts";
import * as integration from "../../src/schema/integration.ts";
import * as location from "../../src/schema/location.ts";
import * as memory from "../../src/schema/memory.ts";
import * as message from "../../src/schema/message.ts";
import * as part from "../../src/schema/part.ts";
import * as permission from "../../src/schema/permission.ts";
import * as project from "../../src/schema/project.ts";
import * as provider from "../../src/schema/provider.ts";
import * as question from "../../src/schema/question.ts";
import * as service from "../../src/schema/service.ts";
import * as session from "../../src/schema/session.ts";
import * as tui from "../../src/schema/tui.ts";

const rooms = [
  agent,
  config,
  experimental,
  file,
  integration,
  location,
  memory,
  message,
  part,
  permission,
  project,
  provider,
  question,
  service,
  session,
  tui,
];
const events = [...Object.values(durableEvents), ...Object.values(liveEvents)];

/** Every wire schema that has a name, by it. */
export const namedSchemas: Record<string, z.ZodType> = Object.fromEntries(
  [...rooms.flatMap((room) => Object.values(room)), ...events]
    .filter((value) => value instanceof z.ZodType)
    .flatMap((schema) => {
      const name = schema.meta()?.id;
      return name === undefined ? [] : [[name, schema]];
    }),
);
