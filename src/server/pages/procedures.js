import { call } from "./procedure-call.js";
import { createForm, make } from "./procedure-form.js";

const page = document.querySelector("#page");
const { trpc, document: explorer } = page.dataset;
/** How many answers of a subscription stay on the page. */
const kept = 200;

const directory = make("input", { type: "text", placeholder: "the server's own", spellcheck: false });
const token = make("input", { type: "password", placeholder: "none", autocomplete: "off" });
const filter = make("input", { type: "search", placeholder: "session, list, …" });

function headers() {
  return {
    ...(directory.value && { "x-opencode-directory": encodeURIComponent(directory.value) }),
    ...(token.value && { authorization: `Bearer ${token.value}` }),
  };
}

function labelled(text, control) {
  return make("label", {}, [make("span", { textContent: text }), control]);
}

function procedureElement(procedure) {
  const { path, type, scope, summary, description, rest } = procedure;
  const head = make("summary", {}, [
    make("span", { className: `kind ${type}`, textContent: type }),
    make("code", { textContent: path }),
    make("span", { className: "quiet", textContent: summary ?? "" }),
  ]);
  const about = [description, rest && `Also ${rest}.`, scope && `Needs the scope ${scope}.`].filter(Boolean).join(" ");
  const element = make("details", { id: path }, [head]);
  // Most are never looked at: the form is made when one is.
  element.addEventListener("toggle", () => element.append(make("p", { textContent: about }), runnable(procedure)), { once: true });
  return element;
}

function runnable(procedure) {
  const form = createForm(procedure.input);
  const run = make("button", { type: "submit", textContent: procedure.type === "subscription" ? "Subscribe" : "Run" });
  const stop = make("button", { type: "button", textContent: "Stop", hidden: true });
  const output = make("div", { className: "output" });
  output.setAttribute("aria-live", "polite");
  const element = make("form", {}, [form.element, make("div", {}, [run, stop]), output]);
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    void start(procedure, { form, run, stop, output });
  });
  return element;
}

async function start(procedure, { form, run, stop, output }) {
  const controller = new AbortController();
  const show = (value, id) => {
    output.prepend(make("pre", { textContent: `${id === undefined ? "" : `${id}: `}${JSON.stringify(value, null, 2)}` }));
    while (output.childElementCount > kept) output.lastElementChild.remove();
  };
  output.replaceChildren();
  try {
    const input = form.read();
    if (procedure.type === "mutation" && !window.confirm(`Run ${procedure.path}? It may change something.`)) return;
    stop.onclick = () => controller.abort();
    [run.disabled, stop.hidden] = [true, false];
    await call(procedure, { trpc, input, headers: headers(), signal: controller.signal, show });
    if (procedure.type === "subscription") output.prepend(make("p", { className: "quiet", textContent: "The server ended the stream." }));
  } catch (error) {
    const text = controller.signal.aborted ? "Stopped." : error.message;
    output.prepend(make("pre", { className: controller.signal.aborted ? "quiet" : "fault", textContent: text }));
  } finally {
    [run.disabled, stop.hidden] = [false, true];
  }
}

async function load(list) {
  const response = await fetch(`${trpc}?format=json`, { headers: headers() });
  const body = await response.json();
  if (!response.ok) {
    list.replaceChildren(make("p", { className: "fault", textContent: `${body.message} Enter a token above.` }));
    return;
  }
  list.replaceChildren(...body.map(procedureElement));
  document.getElementById(decodeURIComponent(location.hash.slice(1)))?.setAttribute("open", "");
}

const list = make("section", { id: "procedures" });
filter.addEventListener("input", () => {
  for (const element of list.children) element.hidden = !element.textContent.toLowerCase().includes(filter.value.toLowerCase());
});
token.addEventListener("change", () => void load(list));

page.replaceChildren(
  make("h1", { textContent: "Procedures" }),
  make("p", {}, [make("a", { href: explorer, textContent: "The same over REST" })]),
  make("div", { className: "settings" }, [labelled("Find", filter), labelled("Directory", directory), labelled("Token", token)]),
  list,
);
void load(list);
