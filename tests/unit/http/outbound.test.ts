import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type OutboundOptions, openOutbound } from "@/lib/http/outbound";
import { OutboundError, type OutboundReason } from "@/lib/http/outbound-error";
import { checkOutboundUrl, type Resolver } from "@/lib/http/outbound-guard";

const LOOPBACK = "127.0.0.1/32";

type Place = { url: string; port: number; hits: string[]; close(): Promise<void> };
let place: Place;

async function listen(answer: RequestListener, address = "127.0.0.1", port = 0): Promise<Place> {
  const hits: string[] = [];
  const server: Server = createServer((request, response) => {
    hits.push(`${request.method} ${request.url} ${request.headers.host}`);
    answer(request, response);
  });
  await new Promise<void>((done) => server.listen(port, address, done));
  const own = (server.address() as AddressInfo).port;
  const close = () =>
    new Promise<void>((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  return { url: `http://${address}:${own}`, port: own, hits, close };
}

const ANSWERS: Record<string, RequestListener> = {
  "/": (_, response) => response.end("here"),
  "/moved": (_, response) => response.writeHead(301, { location: "/?token=secret" }).end("gone"),
  "/away": (_, response) =>
    response.writeHead(307, { location: "http://169.254.169.254/latest" }).end(),
  "/same": (_, response) => response.writeHead(304).end(),
  "/none": (_, response) => response.writeHead(204).end(),
  "/large": (_, response) => response.end("x".repeat(1001)),
  "/exact": (_, response) => response.end("x".repeat(1000)),
  "/chunks": (_, response) => {
    for (let i = 0; i < 11; i++) response.write("x".repeat(100));
    response.end();
  },
  "/bomb": (_, response) =>
    response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("x".repeat(100_000))),
  "/mute": () => {},
  "/half": (_, response) => response.writeHead(200, { "content-length": "10" }).write("half"),
  "/cut": (_, response) => {
    response.writeHead(200, { "content-length": "10" }).write("half");
    setTimeout(() => response.destroy(), 20);
  },
  "/drop": (request) => request.socket.destroy(),
  "/echo": async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { "x-test": test } = request.headers;
    response.end(
      JSON.stringify({ method: request.method, test, body: `${Buffer.concat(chunks)}` }),
    );
  },
};

beforeEach(async () => {
  place = await listen((request, response) =>
    (ANSWERS[request.url ?? ""] ?? ANSWERS["/"])?.(request, response),
  );
});
afterEach(() => place.close());

const open = (options: OutboundOptions = {}) => openOutbound({ allow: LOOPBACK, ...options });

async function failureOf(work: Promise<unknown>): Promise<[OutboundReason | string, string]> {
  try {
    await work;
  } catch (error) {
    if (error instanceof OutboundError) return [error.reason, error.message];
    return [(error as Error).name, String(error)];
  }
  return ["none", ""];
}

/** Gives each answer once, then the last one for ever, and remembers what it was asked. */
function resolver(...answers: string[][]): { resolve: Resolver; asked: string[] } {
  const asked: string[] = [];
  const resolve = async (hostname: string) => {
    asked.push(hostname);
    return answers[Math.min(asked.length, answers.length) - 1] ?? [];
  };
  return { resolve, asked };
}

describe("where calls may go", () => {
  it("reaches what is allowed, with what it was given", async () => {
    const init = { method: "POST", headers: new Headers({ "x-test": "a" }), body: "hello" };
    const answer = await open()(`${place.url}/echo`, init);
    expect([answer instanceof Response, answer.ok, answer.url]).toEqual([
      ...[true, true],
      `${place.url}/echo`,
    ]);
    expect(await answer.json()).toEqual({ method: "POST", test: "a", body: "hello" });
  });

  it.each([
    ["http://127.0.0.1:PORT/", "127.0.0.1 was not called: it is a loopback address."],
    ["http://2130706433:PORT/", "127.0.0.1 was not called: it is a loopback address."],
    ["http://0x7f.1:PORT/", "127.0.0.1 was not called: it is a loopback address."],
    ["http://[::ffff:127.0.0.1]:PORT/", "it is a loopback address."],
    ["http://localhost:PORT/", "it is a loopback address."],
    ["http://169.254.169.254/latest", "it is a cloud's metadata address."],
    ["https://10.0.0.1/", "WATCHKEEPER_OUTBOUND_ALLOW=10.0.0.1/32, and restart."],
    ["https://[fd00::1]/", "WATCHKEEPER_OUTBOUND_ALLOW=fd00::1/128, and restart."],
    ["http://1.1.1.1/", "plain http would send keys in clear text."],
  ])("refuses %s", async (url, sentence) => {
    const fetch = open({ allow: "" });
    const [reason, message] = await failureOf(fetch(url.replace("PORT", String(place.port))));
    expect([reason, message]).toEqual(["refused_address", expect.stringContaining(sentence)]);
    expect(place.hits).toEqual([]);
  });

  it.each([
    ["file:///etc/passwd", "file: is not possible; only https: and http: are."],
    ["gopher://127.0.0.1/", "gopher: is not possible; only https: and http: are."],
    ["https://user:hunter2@example.com/", "A user name or password in a URL is not possible."],
    ["example.com", "This is not a URL; it begins with https://."],
  ])("takes no %s", async (url, message) => {
    expect(await failureOf(open()(url))).toEqual(["bad_url", message]);
    expect(await failureOf(checkOutboundUrl(url))).toEqual(["bad_url", message]);
  });

  it("refuses a name as soon as one of its addresses is private", async () => {
    const { resolve } = resolver(["1.1.1.1", "2606:4700::1", "127.0.0.1"]);
    const [reason, message] = await failureOf(
      open({ allow: "", resolve })(`https://both.test:${place.port}/`),
    );
    expect(reason).toBe("refused_address");
    expect(message).toContain("both.test (127.0.0.1) was not called");
    expect(place.hits).toEqual([]);
  });

  it("tells when a URL is saved what a call would tell, but for names without an address", async () => {
    const gone: Resolver = () => Promise.reject(new Error("ENOTFOUND"));
    expect((await failureOf(checkOutboundUrl("https://10.0.0.1")))[0]).toBe("refused_address");
    expect((await failureOf(checkOutboundUrl("http://1.1.1.1")))[0]).toBe("refused_address");
    expect(await failureOf(checkOutboundUrl("https://1.1.1.1"))).toEqual(["none", ""]);
    const unknown = checkOutboundUrl("https://nowhere.test", { resolve: gone });
    expect(await failureOf(unknown)).toEqual(["none", ""]);
  });
});

describe("pinning", () => {
  it("connects to the address it has checked, though the name means another a moment later", async () => {
    const good = await listen((_, response) => response.end("good"), "127.0.0.2", place.port);
    const { resolve, asked } = resolver(["127.0.0.2"], ["127.0.0.1"]);
    const fetch = open({ allow: "127.0.0.2", resolve });
    const url = `http://rebinding.test:${place.port}/`;
    const answer = await fetch(url);
    expect([await answer.text(), asked]).toEqual(["good", ["rebinding.test"]]);
    expect(good.hits).toEqual([`GET / rebinding.test:${place.port}`]);
    await good.close();
    // The next connection asks again, and is told the address that must not be.
    let last = await failureOf(fetch(url));
    for (let i = 0; i < 5 && last[0] === "network"; i++) last = await failureOf(fetch(url));
    expect(last[0]).toBe("refused_address");
    expect(place.hits).toEqual([]);
  });

  it("does not follow a name from a public address to loopback", async () => {
    const { resolve, asked } = resolver(["2000::1"], ["127.0.0.1"]);
    const signal = AbortSignal.timeout(300);
    const fetch = open({ allow: "", resolve });
    await failureOf(fetch(`https://rebinding.test:${place.port}/`, { signal }));
    expect([asked, place.hits]).toEqual([["rebinding.test"], []]);
  });

  it("asks once for a connection that serves many calls", async () => {
    const { resolve, asked } = resolver(["127.0.0.1"]);
    const fetch = open({ resolve });
    for (let i = 0; i < 5; i++) await (await fetch(`http://once.test:${place.port}/`)).text();
    expect(place.hits.length).toBe(5);
    expect(asked.length).toBeLessThan(3);
  });
});

describe("redirects", () => {
  it("are not followed, and the target's query is not told", async () => {
    const [reason, message] = await failureOf(open()(`${place.url}/moved`));
    expect([reason, message]).toEqual([
      "redirect",
      `127.0.0.1:${place.port} answers with a redirect (301) to ${place.url}/, and redirects are not followed. Enter the address it leads to.`,
    ]);
    expect((await failureOf(open()(`${place.url}/away`)))[0]).toBe("redirect");
    expect(place.hits.length).toBe(2);
  });

  it("can be handed to the caller, still not followed", async () => {
    const answer = await open({ redirects: "return" })(`${place.url}/moved`, {
      redirect: "follow",
    });
    expect([answer.status, answer.headers.get("location")]).toEqual([301, "/?token=secret"]);
    expect(await answer.text()).toBe("gone");
    expect(place.hits.length).toBe(1);
  });

  it("are not what else begins with a 3, or has no body", async () => {
    expect((await open()(`${place.url}/same`)).status).toBe(304);
    expect((await open()(`${place.url}/none`)).status).toBe(204);
  });
});

describe("limits", () => {
  it.each(["/large", "/chunks", "/bomb"])("ends %s beyond maxBytes", async (path) => {
    const read = async () => (await open({ maxBytes: 1000 })(place.url + path)).text();
    expect(await failureOf(read())).toEqual([
      "too_large",
      `127.0.0.1:${place.port} answers with more than 1000 bytes.`,
    ]);
  });

  it("lets through what just fits, and anything without a limit", async () => {
    const exact = await open({ maxBytes: 1000 })(`${place.url}/exact`);
    expect((await exact.text()).length).toBe(1000);
    const bomb = await open({ maxBytes: null })(`${place.url}/bomb`);
    expect((await bomb.text()).length).toBe(100_000);
  });

  it.each(["/mute", "/half"])("ends %s after timeoutMs", async (path) => {
    const read = async () => (await open({ timeoutMs: 100 })(place.url + path)).text();
    expect(await failureOf(read())).toEqual([
      "timeout",
      `127.0.0.1:${place.port} did not answer within 0.1 s.`,
    ]);
  });

  it.each(["/mute", "/half"])(
    "ends %s when the caller aborts, with the caller's reason",
    async (path) => {
      const abort = new AbortController();
      const reason = new Error("enough");
      setTimeout(() => abort.abort(reason), 50);
      const read = async () => (await open()(place.url + path, { signal: abort.signal })).text();
      await expect(read()).rejects.toBe(reason);
      const late = open()(place.url, { signal: abort.signal });
      await expect(late).rejects.toBe(reason);
    },
  );
});

describe("failures in plain words", () => {
  it.each([
    ["/drop", /^127\.0\.0\.1:\d+ closed the connection before it had answered/],
    ["/cut", /^127\.0\.0\.1:\d+ closed the connection before it had answered/],
  ])("%s", async (path, words) => {
    const read = async () => (await open()(place.url + path)).text();
    expect(await failureOf(read())).toEqual(["network", expect.stringMatching(words)]);
  });

  it("says who is not there", async () => {
    await place.close();
    expect(await failureOf(open()(place.url))).toEqual([
      "network",
      `127.0.0.1:${place.port} refuses the connection (ECONNREFUSED): nothing listens at that port.`,
    ]);
    expect(await failureOf(open()("http://127.0.0.1:25/"))).toEqual([
      "network",
      "127.0.0.1:25 was not called: that port belongs to another protocol.",
    ]);
    const gone = Object.assign(new Error("getaddrinfo"), { code: "ENOTFOUND" });
    const resolve = () => Promise.reject(gone);
    const [reason, message] = await failureOf(open({ resolve })("https://nowhere.test/"));
    expect([reason, message]).toEqual([
      "network",
      "nowhere.test has no address (ENOTFOUND); check the name, and that this machine can resolve it.",
    ]);
    const nothing = open({ resolve: async () => [] })("https://nowhere.test/");
    expect(await failureOf(nothing)).toEqual(["network", "nowhere.test has no address."]);
  });

  it("says when TLS is not spoken", async () => {
    const [reason, message] = await failureOf(open()(place.url.replace("http:", "https:")));
    expect([reason, message]).toEqual(["network", expect.stringContaining("does not speak TLS")]);
  });
});
