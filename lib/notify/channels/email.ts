import { connect, isIP } from "node:net";
import { createTransport } from "nodemailer";
import { pinnedTo } from "@/lib/http/outbound";
import { networkError, OutboundError } from "@/lib/http/outbound-error";
import { checkedAddresses } from "@/lib/http/outbound-guard";
import { SETTINGS, type Settings } from "../channel-schema";
import type { ChannelRow } from "../channel-store";
import { mailOf } from "../email-message";
import { type Outcome, SHOWN_BYTES } from "../outcome";
import { openSecret } from "../secrets-service";
import type { Outgoing } from "./send";

/** The longest silence of the server, and the longest that all of it may take. */
const SILENCE_MS = 15_000;
const TIMEOUT_MS = 30_000;

type Server = Settings<"email">;

/** One mail to all recipients, by SMTP. */
export async function sendToEmail(channel: ChannelRow, outgoing: Outgoing): Promise<Outcome> {
  const server = SETTINGS.email.parse(channel.settings);
  const { images, references, ...mail } = mailOf(outgoing);
  const startedMs = performance.now();
  const transport = await transportOf(channel, server);
  const ms = () => Math.round(performance.now() - startedMs);
  try {
    const info = await transport.sendMail({
      ...mail,
      ...{ from: server.from, to: server.to, date: outgoing.at },
      ...{ references, inReplyTo: references },
      headers: { "auto-submitted": "auto-generated", "x-auto-response-suppress": "All" },
      attachments: images.map(({ cid, content }) => ({
        ...{ cid, content, filename: "course.png", contentType: "image/png" },
        contentDisposition: "inline",
      })),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const refused =
      info.rejected.length === 0 ? "" : ` Not taken for: ${info.rejected.join(", ")}.`;
    const body = `${info.response}${refused}`.slice(0, SHOWN_BYTES);
    const status = Number(info.response.slice(0, 3)) || null;
    return { ...NOTHING, verdict: "sent", status, body, ms: ms() };
  } catch (error) {
    return { ...failureOf(error, server), ms: ms() };
  }
}

/** A mail that is no message of alerting, to somebody who is not the channel's own recipient. */
export async function sendMail(
  channel: ChannelRow,
  mail: { to: string; subject: string; text: string },
): Promise<void> {
  const server = SETTINGS.email.parse(channel.settings);
  const transport = await transportOf(channel, server);
  await transport.sendMail({
    ...{ from: server.from, ...mail },
    headers: { "auto-submitted": "auto-generated", "x-auto-response-suppress": "All" },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
}

async function transportOf(channel: ChannelRow, server: Server) {
  const password = await openSecret(channel, "password");
  return createTransport({
    ...(await pathTo(server)),
    ...(server.user === null ? {} : { auth: { user: server.user, pass: password ?? "" } }),
    ...{ connectionTimeout: SILENCE_MS, greetingTimeout: SILENCE_MS, socketTimeout: SILENCE_MS },
    ...{ disableFileAccess: true, disableUrlAccess: true },
  });
}

const NOTHING = {
  ...{ ms: 0, error: null, retryAfterMs: null },
  ...{ uncertain: false, unreachable: false },
};

/** Connects to the very addresses that were checked, whatever the name resolves to a moment later. */
async function pathTo({ host, port, tls }: Server) {
  const protocol = tls === "none" ? "smtp:" : "smtps:";
  const addresses = await checkedAddresses({ protocol, hostname: host }).catch((error: unknown) => {
    throw error instanceof OutboundError ? error : networkError(error, host);
  });
  return {
    ...{ host, port, secure: tls === "implicit" },
    ...{ requireTLS: tls === "starttls", ignoreTLS: tls === "none" },
    ...(isIP(host) === 0 ? { tls: { servername: host } } : {}),
    getSocket: (_: unknown, done: (error: Error | null, socket: object) => void) => {
      const socket = connect({ host, port, lookup: pinnedTo(addresses), timeout: SILENCE_MS });
      socket.once("timeout", () => socket.destroy(new Error("ETIMEDOUT")));
      socket.once("error", (error) => done(error, {}));
      socket.once("connect", () => {
        socket.setTimeout(0);
        done(null, { connection: socket });
      });
    },
  };
}

type SmtpError = Error & {
  code?: string;
  responseCode?: number;
  response?: string;
  command?: string;
};

function failureOf(error: unknown, { host }: Server): Outcome {
  const { responseCode, response, command, code, message } = error as SmtpError;
  const body = (response ?? "").slice(0, SHOWN_BYTES);
  const answered = { ...NOTHING, status: responseCode ?? null, body };
  if (responseCode !== undefined && responseCode >= 400) {
    const isTemporary = responseCode < 500;
    const words = isTemporary
      ? `It could not take the message (${responseCode}).`
      : `It refuses the message (${responseCode}).`;
    return { ...answered, verdict: isTemporary ? "retry" : "failed", error: words };
  }
  if (code === "ETLS")
    return { ...answered, verdict: "failed", error: `${host} offers no TLS that can be trusted.` };
  // What comes after the text was sent may be the end of a message that arrived.
  const uncertain = command === "DATA" || code === "ABORT_ERR" || code === "ETIMEDOUT";
  // The library keeps a socket's own code to itself.
  const told =
    code === "ESOCKET" && /certificate/i.test(message)
      ? `${host} shows a certificate that is not trusted (${message}); for an authority of your own set NODE_EXTRA_CA_CERTS.`
      : networkError(error, host).message;
  return { ...answered, verdict: "retry", error: told, uncertain, unreachable: true };
}
