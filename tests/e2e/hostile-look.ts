import type { Page } from "@playwright/test";

/** All that a page says: its text, what stands in fields, and what is told of elements beside them. */
export const saidBy = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const within = document.body.cloneNode(true) as HTMLElement;
    for (const code of within.querySelectorAll("script, style")) code.remove();
    const beside = [...document.querySelectorAll("*")].flatMap((element) => [
      ...["title", "aria-label", "placeholder", "alt"].map((name) => element.getAttribute(name)),
      "value" in element ? `${element.value}` : null,
    ]);
    return [within.textContent, document.title, ...beside].join("\n").replace(/\s+/g, " ");
  });

/** What stands on a page and should not: elements that payloads make, code, addresses that run. */
export const suspectsOn = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const NEVER = ["iframe", "frame", "object", "embed", "base", "applet", "video", "audio"];
    return [...document.querySelectorAll("*")].flatMap((element) => {
      const tag = element.localName;
      const isMade = NEVER.includes(tag) || element.classList.contains("owned");
      const { nonce = "", src = "" } = element as HTMLScriptElement;
      const isOurs = nonce !== "" || src.startsWith(`${location.origin}/_next/static/`);
      const isCode = tag === "script" && !isOurs;
      const isBad = [...element.attributes].some(({ name, value }) => {
        if (/^on/.test(name)) return true;
        if (!/^(href|src|srcset|action|formaction|xlink:href|data)$/.test(name)) return false;
        const { protocol, origin } = new URL(value, location.href);
        if (tag === "img" || tag === "link") return origin !== location.origin;
        if (!/^(https?|blob|mailto):$/.test(protocol)) return true;
        const rel = element.getAttribute("rel") ?? "";
        return tag === "a" && origin !== location.origin && !rel.includes("noreferrer");
      });
      return isMade || isCode || isBad ? [element.outerHTML.slice(0, 200)] : [];
    });
  });

/** Text that turns its direction and takes along what stands beside it. */
export const turnedOn = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts: { data: string; parent: Element; home: Element }[] = [];
    const homeOf = (element: Element): Element => {
      // Not so what is isolated: a sign within that is never ended reaches beyond its element.
      const isApart = getComputedStyle(element).display !== "inline";
      const isDrawn = element.localName === "text";
      if (isApart || isDrawn || !element.parentElement) return element;
      return homeOf(element.parentElement);
    };
    while (walker.nextNode()) {
      const { data, parentElement } = walker.currentNode as Text;
      if (parentElement && !parentElement.closest("script, style, .sr-only"))
        texts.push({ data, parent: parentElement, home: homeOf(parentElement) });
    }
    /** Whether a direction is still turned at the end of this text. */
    const isOpenAfter = (text: string): boolean => {
      const open: string[] = [];
      for (const sign of text)
        if (/[\u202a\u202b\u202d\u202e]/.test(sign)) open.push("embedded");
        else if (/[\u2066-\u2068]/.test(sign)) open.push("isolated");
        else if (sign === "\u202c" && open.at(-1) === "embedded") open.pop();
        else if (sign === "\u2069" && open.includes("isolated"))
          open.length = open.lastIndexOf("isolated");
      return open.length > 0;
    };
    return texts.flatMap(({ data, parent, home }, at) => {
      if (!/[\u202a-\u202e\u2066-\u2069]/.test(data)) return [];
      // A name that reads backwards is another's name.
      const named = parent.closest("td, th, h1, h2, h3, a, button, label, legend, nav");
      if (named && /[\u202a-\u202e]/.test(data))
        return [`reads backwards: ${data} in ${named.outerHTML.slice(0, 160)}`];
      const [, own = data, rest = ""] = /^(.*gpj\.exe\u2067)(.*)$/s.exec(data) ?? [];
      const next = texts.slice(at + 1).find((other) => other.home === home && other.data.trim());
      // What goes on in a text of one's own, after a break of the line, is not turned.
      const after = rest.split("\n")[0] ?? "";
      const takes = after.trim() !== "" || (next && !rest.includes("\n"));
      return takes && isOpenAfter(own + (after.startsWith("\u2069") ? "\u2069" : ""))
        ? [
            `turns: ${data.slice(-80)} | ${next?.data.slice(0, 40) ?? ""} in ${home.outerHTML.slice(0, 160)}`,
          ]
        : [];
    });
  });

/** Text that runs over the page or out of what holds it, sideways. */
export const spiltOn = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const sticksOut = (element: Element) =>
      element.getBoundingClientRect().right > document.documentElement.clientWidth + 1 &&
      ![...element.children].some(sticksOut);
    const out = wide > 0 ? [...document.querySelectorAll("main *")].find(sticksOut) : null;
    const found =
      wide > 0 ? [`the page is ${wide} px too wide: ${out?.outerHTML.slice(0, 200)}`] : [];
    const range = document.createRange();
    while (walker.nextNode()) {
      const text = walker.currentNode as Text;
      const holder = text.parentElement?.closest(
        "td, th, li, dd, dt, p, h1, h2, h3, section, article, dialog, [role=dialog], main",
      );
      if (!holder || !text.data.trim() || text.parentElement?.closest(".sr-only, svg")) continue;
      range.selectNodeContents(text);
      const { right } = range.getBoundingClientRect();
      const isCut = (element: Element | null): boolean =>
        element !== null &&
        (getComputedStyle(element).overflowX !== "visible" ||
          isCut(element === holder ? null : element.parentElement));
      const over = right - holder.getBoundingClientRect().right;
      // A blank at the end of a line hangs over.
      if (over > 8 && !isCut(text.parentElement))
        found.push(`${Math.round(over)} px out of ${holder.localName}: ${text.data.slice(0, 60)}`);
    }
    return found;
  });
