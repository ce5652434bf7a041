/** As much of a page's tree as is used here; the project's types know no browser. */
export interface PageNode {
  nodeType: number;
  nodeName: string;
  textContent: string | null;
  childNodes: Iterable<PageNode>;
}

export interface PageElement extends PageNode {
  innerHTML: string;
  children: ArrayLike<PageElement>;
  parentElement: PageElement | null;
  previousElementSibling: PageElement | null;
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): void;
  remove(): void;
}

export interface PageDocument {
  body: PageElement | null;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
}

/** Parses a page, or a piece of one. Nothing in it is run or loaded. */
export async function parsePage(html: string): Promise<PageDocument> {
  const { parseHTML } = await import("linkedom");
  const whole = /<html[\s>]/i.test(html) ? html : `<html><head></head><body>${html}</body></html>`;
  return parseHTML(whole).document as PageDocument;
}
