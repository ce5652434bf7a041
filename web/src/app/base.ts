/** Where this page lives: `/web`, or below the server's base path `/code/web`. */
export const pagePath = new URL(".", document.baseURI).pathname.replace(/\/$/, "");

/** The server's address, without a slash at the end. */
export const serverAddress = `${location.origin}${pagePath.replace(/\/web$/, "")}`;

/** A name in the browser's storage that belongs to this server alone: several may live under one origin. */
export const stored = (name: string): string => `codeport:${pagePath}:${name}`;
