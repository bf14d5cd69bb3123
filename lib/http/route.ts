import { randomUUID } from "node:crypto";
import type { z } from "zod";
import type { Action } from "@/lib/audit/actions";
import { originOf } from "@/lib/audit/origin";
import { recordCall } from "@/lib/audit/service";
import { actorOf } from "@/lib/auth/actor";
import { becauseOf } from "@/lib/auth/break-glass";
import { lookOf } from "@/lib/auth/break-glass-look";
import { whileOpen } from "@/lib/auth/break-glass-stream";
import { allows } from "@/lib/auth/roles";
import type { Caller, Scope } from "@/lib/auth/schema";
import { authenticate } from "@/lib/auth/service";
import {
  appErrorOf,
  describeUnexpected,
  errorResponse,
  jsonResponse,
  withStandardHeaders,
} from "./answer";
import { readJson } from "./body";
import { contentQuestion, mayTell, refuseContentQuestions, withoutContent } from "./content";
import { AppError, invalidField, invalidPart } from "./errors";
import { logger } from "./logger";
import { findNul, readQuery } from "./query";
import { countRequest } from "./rate";

const MAX_JSON_BYTES = 1 << 20;

export type Access = Scope | "open";
type Empty = z.ZodObject<Record<never, never>>;
type Media = Record<string, z.ZodType>;

/**
 * One operation: who may call it, what comes in, what goes out. `query`, `params` and `body` are
 * parsed before the handler runs; `accepts` and `produces` (by content type) only describe what a
 * handler reads from the request, or writes into a `Response`, by itself.
 */
export type RouteSpec<
  A extends Access = Access,
  Q extends z.ZodObject = z.ZodObject,
  P extends z.ZodObject = z.ZodObject,
  B extends z.ZodType = z.ZodType,
  R extends z.ZodType = z.ZodType,
> = {
  auth: A;
  /** Open also to who has to set up a second factor before anything else. */
  whileHeld?: boolean;
  summary: string;
  query?: Q;
  params?: P;
  body?: B;
  response?: R;
  status?: 200 | 201 | 204;
  /** What a call is in the audit log. Recorded here, unless the handler's service records more of it. */
  audit?: Action;
  accepts?: Media;
  produces?: Media;
};

/** What a handler gets. `caller` is null only where `auth` is "open". */
export type RouteInput<A extends Access, Q, P, B> = {
  request: Request;
  requestId: string;
  caller: A extends "open" ? null : Caller;
  query: Q;
  params: P;
  body: B;
};

type Context = { params: Promise<Record<string, string | string[] | undefined>> };
export type RouteHandler = {
  (request: Request, context?: Context): Promise<Response>;
  spec: RouteSpec;
};

/**
 * An API route: request id, caller, input, handler, JSON, errors, one log line. It knows no path.
 * The handler returns what `response` describes, or a `Response` of its own making.
 */
export function route<
  A extends Access,
  Q extends z.ZodObject = Empty,
  P extends z.ZodObject = Empty,
  B extends z.ZodType = z.ZodUndefined,
  R extends z.ZodType = z.ZodUndefined,
>(
  spec: RouteSpec<A, Q, P, B, R>,
  handler: (
    input: RouteInput<A, z.output<Q>, z.output<P>, z.output<B>>,
  ) => Promise<z.input<R> | Response> | z.input<R> | Response,
): RouteHandler {
  async function answer(request: Request, context: Context | undefined, call: Call) {
    call.caller = await admit(request, spec);
    const query = spec.query ? parse("query", spec.query.strict(), readQuery(request.url)) : {};
    const params = spec.params ? parse("path", spec.params, (await context?.params) ?? {}) : {};
    const isHidden = call.caller !== null && !allows(call.caller.scopes, "read");
    if (isHidden && spec.query) refuseContentQuestions(spec.query, query);
    const body = spec.body
      ? parse("body", spec.body, await readJson(request, { maxBytes: MAX_JSON_BYTES }))
      : undefined;
    // `parse` gave what each schema puts out; the generic types cannot see that through `strict()`.
    const input = { request, requestId: call.requestId, caller: call.caller, query, params, body };
    const value = await recorded(request, { call, spec, query, params }, () =>
      handler(input as RouteInput<A, z.output<Q>, z.output<P>, z.output<B>>),
    );
    if (value instanceof Response) return whileOpen(value, call.caller);
    const shown = isHidden && spec.response ? withoutContent(spec.response, value) : value;
    return jsonResponse(shown, spec.status ?? 200);
  }

  return Object.assign(
    async (request: Request, context?: Context) => {
      const requestId = `req_${randomUUID().replaceAll("-", "")}`;
      const call: Call = { requestId, startedMs: performance.now(), caller: null };
      try {
        return finish(request, await answer(request, context, call), call);
      } catch (error) {
        const told = appErrorOf(error);
        return finish(request, errorResponse(told, requestId), call, told);
      }
    },
    { spec },
  );
}

type Call = { requestId: string; startedMs: number; caller: Caller | null };

type Recorded = { call: Call; spec: RouteSpec; query: object; params: object };

/** Does the work so that whatever is recorded within says who it was. */
async function recorded<T>(
  request: Request,
  { call: { caller, requestId }, spec, query, params }: Recorded,
  work: () => T | Promise<T>,
): Promise<T> {
  const { audit, status } = spec;
  // Asked before a change, whose transaction must not wait for a second connection of the pool.
  const known = audit && caller && request.method !== "GET" ? await actorOf(caller) : null;
  const actor = caller && (async () => known ?? actorOf(caller));
  const open = caller?.breakGlass?.open ?? null;
  const because = open && becauseOf(open);
  const origin = originOf(request.headers, { actor, requestId, because });
  const asked = Object.keys(query).length > 0 ? query : null;
  const deedOf = (action: Action) => (value: T) => ({
    action,
    target: targetOf({ ...(isMade(value, status) ? value : {}), ...params }),
    after: isMade(value, status) ? value : asked,
  });
  // Who may see figures alone has looked at nothing that was said.
  const isNoView = audit === "session.viewed" && caller && !allows(caller.scopes, "read");
  const isLook = !audit && open && tellsContent(spec, query);
  const look = isLook ? () => lookOf(open, request.method, request.url) : null;
  const declared = audit && caller && !isNoView ? deedOf(audit) : look;
  return recordCall({ origin, workspace: caller?.workspace ?? "", declared }, work);
}

/** Whether somebody who sees figures alone would have got less. */
const tellsContent = (spec: RouteSpec, query: object) =>
  spec.auth === "read" ||
  (spec.response !== undefined && mayTell(spec.response)) ||
  (spec.query !== undefined && contentQuestion(spec.query, { ...query }) !== null);

const isMade = (value: unknown, status: RouteSpec["status"]): value is object =>
  status === 201 && typeof value === "object" && value !== null;

const targetOf = (found: { id?: unknown; name?: unknown }) => ({
  id: typeof found.id === "string" ? found.id : null,
  name: typeof found.name === "string" ? found.name : null,
});

async function admit(
  request: Request,
  { auth: access, whileHeld }: Pick<RouteSpec, "auth" | "whileHeld">,
): Promise<Caller | null> {
  if (access === "open") return null;
  const caller = await authenticate(request);
  if (!caller)
    throw new AppError(
      "unauthorized",
      "A valid API key is needed: send it as `Authorization: Bearer wk_…`.",
    );
  if (caller.pace)
    await countRequest(caller.pace.keyId, { perMinute: caller.pace.perMinute ?? undefined });
  if (caller.isHeld && !whileHeld)
    throw new AppError(
      "forbidden",
      "A second factor is required of your role; open a page of Watchkeeper to set it up.",
    );
  if (!allows(caller.scopes, access))
    throw new AppError(
      "forbidden",
      caller.keyId === null
        ? `Your role does not allow this; it needs the scope ${access}.`
        : `This needs the scope ${access}, which the key does not have.`,
    );
  return caller;
}

function parse<T extends z.ZodType>(where: string, schema: T, value: unknown): z.output<T> {
  const nul = findNul(value);
  if (nul !== null) throw invalidField(nul, "a NUL character cannot be stored or searched for");
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalidPart(where, parsed.error);
}

function finish(request: Request, response: Response, call: Call, error?: AppError): Response {
  const line = {
    requestId: call.requestId,
    method: request.method,
    path: new URL(request.url).pathname,
    status: response.status,
    ms: Math.round((performance.now() - call.startedMs) * 10) / 10,
    workspace: call.caller?.workspace,
    via: call.caller?.keyId ?? call.caller?.via,
  };
  if (error && error.status >= 500)
    logger.error({ ...line, ...describeUnexpected(error.cause) }, error.code);
  else logger.info({ ...line, code: error?.code }, "request");
  return withStandardHeaders(response, call.requestId);
}
