import { z } from "zod";
import { Finding } from "../src/schema/doctor.ts";
import { procedure, router } from "./trpc.ts";

export const doctorRouter = router({
  check: procedure
    .meta({
      scope: "admin",
      openapi: {
        method: "GET",
        path: "/doctor",
        operationId: "doctor.check",
        tags: ["global"],
        summary: "Check the installation",
        description:
          "What codeport needs and finds here and in the directory: programs, directories, the store, configuration, keys, formatters. As `codeport doctor`, but a " +
          "store of more than 64 MB is not looked through.",
      },
    })
    .output(z.array(Finding))
    .query(({ ctx }) => ctx.app.doctor.check(() => ctx.instance())),
});
