/** A page of another origin that talks to the server: plain fetch, answers as they are written, permissions in a dialog. */

const form = document.querySelector("form");
const output = document.querySelector("output");
const dialog = document.querySelector("dialog");
let sessionId = null;

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { url, password, message } = Object.fromEntries(new FormData(form));
  const call = caller(url, password);
  output.textContent = "";
  try {
    const answer = await call("/api/chat/stream", { message, sessionId });
    for await (const frame of framesOf(answer)) await onFrame(frame, call);
  } catch (error) {
    // An origin that the server does not list ends here: the browser tells a page no more than that.
    output.textContent = error instanceof TypeError ? `Not reached. Was it started with --cors ${location.origin}?` : error.message;
  }
});

/** Basic authentication works across origins, as a header; nothing is kept in cookies. */
function caller(url, password) {
  const authorization = password
    ? { authorization: `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(`opencode:${password}`)))}` }
    : {};
  return async (path, body) => {
    const headers = { "content-type": "application/json", ...authorization };
    const response = await fetch(new URL(path, url), { method: "POST", headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${response.status}: ${(await response.json()).message}`);
    return response;
  };
}

async function* framesOf(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (let { value, done } = await reader.read(); !done; { value, done } = await reader.read()) {
    const frames = (rest + value).split("\n\n");
    rest = frames.pop();
    for (const frame of frames) {
      const data = /^data: (.*)$/m.exec(frame)?.[1];
      if (data) yield JSON.parse(data);
    }
  }
}

async function onFrame(frame, call) {
  if (frame.type === "session") sessionId = frame.sessionId;
  // As text: what an agent writes is not to be run by the page.
  if (frame.type === "text") output.append(frame.content);
  if (frame.type === "error") output.append(`\n${frame.name}: ${frame.message}`);
  if (frame.type === "permission") await call(`/permission/${frame.permissionId}/reply`, { reply: await decide(frame) });
}

/** Escape refuses. */
function decide({ permission, patterns }) {
  dialog.querySelector("p").textContent = `Allow ${permission}: ${patterns.join(", ")}?`;
  dialog.returnValue = "reject";
  dialog.showModal();
  for (const button of dialog.querySelectorAll("button")) button.onclick = () => dialog.close(button.value);
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true }));
}
