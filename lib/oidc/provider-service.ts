import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  calculatePKCECodeChallenge,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from "openid-client";
import { env } from "@/lib/env";
import { openOutbound } from "@/lib/http/outbound";
import { addressOf } from "./identity";
import { Claims } from "./schema";

const SCOPES = "openid email profile";
const SECONDS = 10;

export type Provider = { issuer: string; clientId: string; clientSecret: string; name: string };

/** As the environment has it, or null where people sign in with passwords alone. */
export function providerOf(): Provider | null {
  const {
    WATCHKEEPER_OIDC_ISSUER: issuer,
    WATCHKEEPER_OIDC_CLIENT_ID: clientId,
    WATCHKEEPER_OIDC_CLIENT_SECRET: clientSecret,
    WATCHKEEPER_OIDC_NAME: name,
  } = env;
  if (issuer === undefined || clientId === undefined || clientSecret === undefined) return null;
  return { issuer, clientId, clientSecret, name };
}

/** Where the provider sends people back to: to be entered there. */
export const redirectUri = (): string =>
  `${env.WATCHKEEPER_PUBLIC_URL ?? `http://localhost:${env.PORT}`}/api/auth/oidc/callback`;

/** As the provider wants it; OpenID Connect's own default is the header. */
const authenticate =
  (secret: string): ClientAuth =>
  (server, client, body, headers) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
    const way = methods.includes("client_secret_basic") ? ClientSecretBasic : ClientSecretPost;
    return way(secret)(server, client, body, headers);
  };

/** Asked anew each time: sign-ins are rare, and addresses and keys of a provider may change at any. */
function discover({ issuer, clientId, clientSecret }: Provider): Promise<Configuration> {
  const url = new URL(issuer);
  const fetch = openOutbound({ timeoutMs: SECONDS * 1000, maxBytes: 1 << 20 });
  return discovery(url, clientId, undefined, authenticate(clientSecret), {
    // In clear text it goes only where the guard of outbound calls is told to let it.
    execute: [
      enableNonRepudiationChecks,
      ...(url.protocol === "http:" ? [allowInsecureRequests] : []),
    ],
    timeout: SECONDS,
    [customFetch]: (to, init) => fetch(to, init as RequestInit),
  });
}

/** Where to send a browser, and what it must bring back. */
export async function begin(
  provider: Provider,
): Promise<{ url: URL; state: string; nonce: string; verifier: string }> {
  const config = await discover(provider);
  const [state, nonce, verifier] = [randomState(), randomNonce(), randomPKCECodeVerifier()];
  const url = buildAuthorizationUrl(config, {
    ...{ redirect_uri: redirectUri(), scope: SCOPES, state, nonce },
    ...{
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
    },
  });
  return { url, state, nonce, verifier };
}

/**
 * What the provider says of whoever came back with this query: the ID token, checked against the
 * provider's keys, and where it leaves something out its userinfo.
 */
export async function redeem(
  provider: Provider,
  query: URLSearchParams,
  expected: { state: string; nonce: string; verifier: string },
): Promise<Claims> {
  const config = await discover(provider);
  const tokens = await authorizationCodeGrant(config, new URL(`${redirectUri()}?${query}`), {
    pkceCodeVerifier: expected.verifier,
    expectedState: expected.state,
    expectedNonce: expected.nonce,
    idTokenExpected: true,
  });
  const claims = Claims.parse(tokens.claims());
  if (config.serverMetadata().userinfo_endpoint === undefined) return claims;
  const told = Claims.parse(await fetchUserInfo(config, tokens.access_token, claims.sub));
  return { ...claims, ...told, ...addressOf([told, claims]) };
}
