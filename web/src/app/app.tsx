import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { LiveProvider } from "../live/hooks.ts";
import { connect, ServerProvider } from "./client.ts";
import { keptLogin, type Login } from "./login.ts";
import { router } from "./router.tsx";

const LoginForm = lazy(() => import("./login-form.tsx").then(({ LoginForm }) => ({ default: LoginForm })));

/** The interface, or the form that asks for the password where the server wants one. */
export function App() {
  const [login, setLogin] = useState<Login>(keptLogin);
  const [isRefused, setRefused] = useState(false);
  const enter = (given: Login) => {
    setLogin(given);
    setRefused(false);
  };
  if (isRefused)
    return (
      <Suspense>
        <LoginForm onLogin={enter} />
      </Suspense>
    );
  return <Connected login={login} onRefused={() => setRefused(true)} />;
}

function Connected({ login, onRefused }: { login: Login; onRefused(): void }) {
  const [server] = useState(() => connect(login, onRefused));
  useEffect(() => {
    const ends = new AbortController();
    void server.live.run(ends.signal);
    return () => {
      ends.abort();
      void server[Symbol.asyncDispose]();
    };
  }, [server]);
  return (
    <ServerProvider value={server}>
      <LiveProvider value={server.live}>
        <QueryClientProvider client={server.queryClient}>
          <RouterProvider router={router} context={{ live: server.live }} />
        </QueryClientProvider>
      </LiveProvider>
    </ServerProvider>
  );
}
