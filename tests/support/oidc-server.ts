import { generateKeyPairSync, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import Provider, { type Configuration } from "oidc-provider";
import { freePort } from "./free-port";

/** What the provider knows of somebody; what is left out it does not tell. */
export type Somebody = {
  email?: string;
  email_verified?: boolean;
  name?: string;
  roles?: string[];
};

export type OidcServer = {
  issuer: string;
  /** By the name they sign in with. */
  people: Record<string, Somebody>;
  /** Signs with another key from here on, and shows that one alone. */
  rotateKeys(): void;
  /** Signs with one key and shows another. */
  showOtherKeys(): void;
  stop(): Promise<void>;
  start(): Promise<void>;
};

export const CLIENT = { id: "watchkeeper", secret: "a-secret-of-the-client" };

const HOUR_S = 3_600;

type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

/** A real OpenID Connect provider on this machine, with its own pages for signing in and consent. */
export async function startOidcServer(
  redirectUri: string,
  host = "127.0.0.1",
): Promise<OidcServer> {
  const port = await freePort();
  const issuer = `http://${host}:${port}`;
  const people: Record<string, Somebody> = {};
  const make = (): Handler => {
    const provider = new Provider(issuer, configuration(redirectUri, people));
    return provider.callback();
  };
  let handler = make();
  let shown = handler;
  const server = createServer((request, response) =>
    (request.url === "/jwks" ? shown : handler)(request, response),
  );
  const start = async () => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  };
  const stop = async () => {
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  };
  const rotateKeys = () => {
    handler = make();
    shown = handler;
  };
  const showOtherKeys = () => {
    shown = make();
  };
  await start();
  return { issuer, people, rotateKeys, showOtherKeys, start, stop };
}

function configuration(redirectUri: string, people: Record<string, Somebody>): Configuration {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return {
    clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: [redirectUri] }],
    findAccount: (_, sub) => ({
      accountId: sub,
      claims: async () => ({ sub, ...people[sub] }),
    }),
    claims: { email: ["email", "email_verified"], profile: ["name", "roles"] },
    jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), kid: randomUUID(), use: "sig" }] },
    cookies: { keys: [randomUUID()] },
    pkce: { required: () => true },
    ttl: {
      AccessToken: HOUR_S,
      Grant: HOUR_S,
      IdToken: HOUR_S,
      Interaction: HOUR_S,
      Session: HOUR_S,
    },
    features: { devInteractions: { enabled: true } },
  };
}

/**
 * Goes where a browser is sent, signs in as `who` and consents; returns the address the provider sends
 * back to. Fails when the provider shows anything else.
 */
export async function signInAtProvider(start: string, who: string): Promise<URL> {
  const jar = new Map<string, string>();
  let [url, form]: [URL, URLSearchParams | null] = [new URL(start), null];
  for (let hops = 0; hops < 20; hops++) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(url, {
      ...{ redirect: "manual", headers: { cookie } },
      ...(form ? { method: "POST", body: form } : {}),
    });
    for (const set of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (name) jar.set(name, value ?? "");
    }
    const location = answer.headers.get("location");
    if (location) {
      url = new URL(location, url);
      form = null;
      if (url.pathname === "/api/auth/oidc/callback") return url;
      continue;
    }
    const html = await answer.text();
    const prompt = /name="prompt" value="(\w+)"/.exec(html)?.[1];
    if (!prompt) throw new Error(`The provider answers ${answer.status}: ${html.slice(0, 500)}`);
    url = new URL(/<form[^>]*action="([^"]+)"/.exec(html)?.[1] ?? "", url);
    form = new URLSearchParams({ prompt, login: who, password: "any" });
  }
  throw new Error("The provider goes round in circles.");
}
