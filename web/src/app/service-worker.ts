/** Has the browser keep the page's own files, and offer to install it. Where it cannot (no TLS, a private window), nothing is missing. */
export function keepAssets(): void {
  if (!("serviceWorker" in navigator) || import.meta.env.DEV) return;
  // After the page is drawn: what it loads now is in the browser's own cache anyway.
  addEventListener("load", () => {
    navigator.serviceWorker
      .register(new URL("sw.js", document.baseURI))
      .catch((error: unknown) => console.info("No service worker:", error));
  });
}
