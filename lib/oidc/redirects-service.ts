import { countStart } from "@/lib/auth/attempts-service";
import { readCookie, sessionCookie, setCookie } from "@/lib/auth/cookie";
import { goTo } from "@/lib/auth/forms";
import { localPath } from "@/lib/auth/origin";
import { isHttps } from "@/lib/auth/service";
import { clientAddress } from "@/lib/http/client-address";
import { AppError } from "@/lib/http/errors";
import { providerOf } from "./provider-service";
import type { Refusal } from "./schema";
import { ATTEMPT_MINUTES, finishSignIn, startSignIn } from "./service";

const COOKIE = "watchkeeper_oidc";
const MOST_PATH_CHARACTERS = 1_000;

/** To the provider, with what is to come back kept in a cookie; `next` is where to go after it. */
export async function sendToProvider(request: Request): Promise<Response> {
  const provider = requireProvider();
  const wanted = localPath(new URL(request.url).searchParams.get("next"));
  const next = wanted.length > MOST_PATH_CHARACTERS ? "/" : wanted;
  if (!(await countStart(clientAddress(request.headers)))) return backTo("busy", next);
  const started = await startSignIn(provider, next);
  if (started.kind === "refused") return backTo(started.why, next);
  return goTo(started.url.href, attemptCookie(request, started.sealed));
}

/** Back from the provider: signed in and on to `next`, or to the sign-in with `error`. */
export async function receiveFromProvider(request: Request): Promise<Response> {
  const provider = requireProvider();
  const { headers } = request;
  if (!(await countStart(clientAddress(headers)))) return backTo("busy", "/");
  const query = new URL(request.url).searchParams;
  const sealed = readCookie(headers.get("cookie"), COOKIE);
  const finished = await finishSignIn(provider, { query, sealed, headers });
  const gone = attemptCookie(request, "");
  if (finished.kind === "refused") return backTo(finished.why, finished.next, gone);
  const secure = isHttps(headers);
  return goTo(finished.next, sessionCookie(finished.secret, { secure }), gone);
}

function requireProvider() {
  const provider = providerOf();
  if (provider) return provider;
  throw new AppError("not_found", "No provider is set: WATCHKEEPER_OIDC_ISSUER is empty.");
}

const attemptCookie = (request: Request, sealed: string) =>
  setCookie(COOKIE, sealed, { seconds: ATTEMPT_MINUTES * 60, secure: isHttps(request.headers) });

const backTo = (why: Refusal, next: string, ...cookies: string[]) =>
  goTo(`/sign-in?${new URLSearchParams({ error: `oidc_${why}`, next })}`, ...cookies);
