import { describe, expect, test } from "vitest";
import { Failure, fromMessageError, oneLine, toFailure } from "../src/cli/failure.ts";
import { AppError, type ErrorName } from "../src/schema/error.ts";

describe("exit codes", () => {
  const rows: [ErrorName, number][] = [
    ["BadRequest", 2],
    ["NotFoundError", 2],
    ["ProviderModelNotFoundError", 2],
    ["AgentNotFoundError", 2],
    ["ConfigInvalidError", 3],
    ["ServiceUnavailableError", 4],
    ["UnauthorizedError", 5],
    ["ForbiddenError", 6],
    ["PermissionRejectedError", 6],
    ["ProviderAuthError", 7],
    ["UnknownError", 1],
  ];

  test.each(rows)("%s ends with %i, thrown here or answered by a server", (name, code) => {
    expect(toFailure(new AppError(name, "why")).exitCode).toBe(code);
    expect(toFailure(Object.assign(new Error("why"), { data: { name } }))).toMatchObject({ exitCode: code, message: "why" });
  });

  test("a connection that cannot be made ends with 4, however deep its cause", () => {
    const refused = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
    const error = new Error("fetch failed", { cause: new Error("outer", { cause: new AggregateError([refused]) }) });
    expect(toFailure(error)).toMatchObject({ exitCode: 4, message: expect.stringContaining("ECONNREFUSED") });
  });

  test("a turn that its model's provider refused ends with 7, any other failed turn with 1", () => {
    expect(fromMessageError({ name: "APIError", data: { message: "429", isRetryable: true } })).toMatchObject({
      exitCode: 7,
      message: "429",
    });
    expect(fromMessageError({ name: "UnknownError", data: { message: "odd" } }).exitCode).toBe(1);
    expect(fromMessageError({ name: "MessageOutputLengthError", data: {} })).toMatchObject({
      exitCode: 1,
      message: "MessageOutputLengthError",
    });
  });

  test("time-out and interrupt have the shell's codes", () => {
    expect([new Failure("timeout", "").exitCode, new Failure("interrupt", "").exitCode]).toEqual([124, 130]);
  });
});

test("a message of many lines becomes one", () => {
  expect(oneLine("first\n  second\r\n\nthird\n")).toBe("first second third");
});
