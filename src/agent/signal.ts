/**
 * A controller that aborts with its parent and can abort alone. Its listener on the parent goes when it is disposed, so that a
 * session's signal does not collect one listener for each step.
 */
export interface LinkedController extends Disposable {
  signal: AbortSignal;
  abort(reason?: unknown): void;
}

export function linkedController(parent: AbortSignal): LinkedController {
  const controller = new AbortController();
  const follow = (): void => controller.abort(parent.reason);
  if (parent.aborted) follow();
  else parent.addEventListener("abort", follow, { once: true });
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    [Symbol.dispose]: () => parent.removeEventListener("abort", follow),
  };
}
