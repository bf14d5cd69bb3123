import { type BrowserContext, test as base, expect } from "@playwright/test";

export { type APIRequestContext, expect, type Page } from "@playwright/test";

const NETWORK = /^(https?|wss?):$/;

type Fence = {
  /** What was asked for outside the product, or would have been without the content policy. */
  elsewhere: string[];
};

/**
 * The `test` of all browser tests: one in which a page asks anybody but the product for anything
 * fails. The browser finds nobody else either, see `--host-resolver-rules` in the configuration.
 * Not by routes: they would take the browser's cache away.
 */
export const test = base.extend<Fence>({
  elsewhere: [
    async ({ browser, baseURL }, use) => {
      const elsewhere: string[] = [];
      const own = new URL(baseURL ?? "").host;
      const hear = (context: BrowserContext) => {
        const note = (address: string) => {
          const { protocol, host } = new URL(address);
          if (NETWORK.test(protocol) && host !== own) elsewhere.push(address);
        };
        context.on("request", (request) => note(request.url()));
        context.on("page", (page) => page.on("websocket", (socket) => note(socket.url())));
        context.on("console", (message) => {
          if (message.text().includes("Content Security Policy")) elsewhere.push(message.text());
        });
      };
      browser.on("context", hear);
      await use(elsewhere);
      browser.off("context", hear);
      expect(elsewhere, "what was asked for outside the product").toEqual([]);
    },
    { auto: true },
  ],
});
