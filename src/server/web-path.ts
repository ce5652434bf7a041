/** Whether a request is for the files of the web interface, which need no password: the page asks for it. */
export function isWeb(method: string | undefined, path: string): boolean {
  return (method === "GET" || method === "HEAD") && (path === "/" || path === "/web" || path.startsWith("/web/"));
}
