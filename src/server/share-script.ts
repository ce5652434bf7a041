/**
 * What keeps a shared page up to date: it hears from `…/live` what changed and puts it in, with the folds left open that were. Everything else
 * of the page works without it.
 */
export const shareScript = `"use strict";
(() => {
  const main = document.querySelector("main");
  const state = document.getElementById("state");
  const address = new URL(location.pathname.replace(/\\/$/, "") + "/live", location.href);
  address.searchParams.set("version", main.dataset.version);
  const source = new EventSource(address);
  const tell = (text, isOver) => {
    state.textContent = text;
    state.classList.toggle("over", isOver);
  };
  const make = (html) => {
    const template = document.createElement("template");
    template.innerHTML = html;
    return template.content.firstElementChild;
  };
  const put = (id, html) => {
    const next = make(html);
    const before = document.getElementById(id);
    if (before === null) return main.append(next);
    const folds = before.querySelectorAll("details");
    next.querySelectorAll("details").forEach((fold, at) => {
      fold.open = folds[at]?.open ?? false;
    });
    before.replaceWith(next);
  };
  source.addEventListener("message", ({ data }) => {
    const { title, working, order, articles } = JSON.parse(data);
    const isAtEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 80;
    document.title = title;
    document.querySelector("h1").textContent = title;
    for (const [id, html] of Object.entries(articles)) put(id, html);
    const wanted = new Set(order);
    for (const article of [...main.children]) if (!wanted.has(article.id)) article.remove();
    const isOrdered = order.every((id, at) => main.children[at]?.id === id);
    if (!isOrdered) for (const id of order) main.append(document.getElementById(id));
    tell(working ? "Working…" : "", false);
    if (isAtEnd && working) scrollTo(0, document.documentElement.scrollHeight);
  });
  source.addEventListener("gone", () => {
    source.close();
    tell("This is not shared any more.", true);
  });
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) tell("What comes from now on is not shown: load the page again.", true);
  });
})();
`;
