import { randomUUID } from "node:crypto";
import { API_POLICY, SECURITY_HEADERS } from "./guards.mjs";

/** Next answers other methods with a bare 400. */
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/**
 * What has to be said before Next sees a request, for it would say it in no form of ours: a path
 * that cannot be decoded, an unheard-of method. True when the request has been answered.
 * Under /api slashes at the end and doubled ones are passed over, where Next would redirect: a sender
 * of webhooks that is redirected once never comes again.
 */
export function refuse(request, response) {
  const [path = "/", search] = (request.url ?? "/").split(/\?(.*)/s);
  if (!isDecodable(path)) return answer(response, 400, "invalid", "The path is not valid UTF-8.");
  const flat = path.replace(/\/{2,}/g, "/").replace(/(?<=.)\/$/, "");
  if (!/^\/api(\/|$)/.test(flat)) return false;
  if (!METHODS.includes(request.method ?? "")) {
    response.setHeader("allow", METHODS.join(", "));
    return answer(response, 405, "method_not_allowed", `${request.method} is not possible here.`);
  }
  if (flat !== path) request.url = flat + (search ? `?${search}` : "");
  return false;
}

/** @param {string} path */
function isDecodable(path) {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {number} status
 * @param {string} code
 * @param {string} message
 */
function answer(response, status, code, message) {
  const requestId = `req_${randomUUID().replaceAll("-", "")}`;
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "cache-control": "no-store",
    "x-request-id": requestId,
    "content-security-policy": API_POLICY,
    ...SECURITY_HEADERS,
  });
  response.end(JSON.stringify({ error: { code, message }, requestId }));
  return true;
}
