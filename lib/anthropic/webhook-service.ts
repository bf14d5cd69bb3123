import { openWebhookSecrets } from "@/lib/connections/keys-service";
import { HINT_TASK, type SyncHint } from "@/lib/connections/schema";
import { type ConnectionRow, readConnectionOfAny, updateConnection } from "@/lib/connections/store";
import { saveDelivery, saveFailure } from "@/lib/connections/webhook-store";
import { prisma } from "@/lib/db/client";
import { readBody } from "@/lib/http/body";
import { AppError } from "@/lib/http/errors";
import { readRetained } from "@/lib/ingest/seal-store";
import { enqueue } from "@/lib/jobs/queue";
import { WEBHOOK_MAX_BYTES, type WebhookAnswer, type WebhookBody } from "./schema";
import { verifyWebhook } from "./signature";

/** Somebody may be looking: ahead of all that is done in the background. */
const HINT_PRIORITY = -10;

const gone = () => new AppError("not_found", "There is no connection at this address.");

/**
 * Takes a delivery: verified, stored once by its id, and a look at its resource asked for, in one
 * transaction and without calling anybody. Throws `not_found`, `unauthorized` for a signature of none
 * of the connection's secrets, `invalid` and `too_large` for a body that is no delivery.
 */
export async function acceptWebhook(
  connectionId: string,
  request: Request,
  now = new Date(),
): Promise<WebhookAnswer> {
  const connection = await readConnectionOfAny(connectionId);
  if (!connection) throw gone();
  const refuse = async (reason: string, error: AppError) => {
    const { workspace } = connection;
    const remote = request.headers.get("x-forwarded-for")?.slice(0, 100) ?? null;
    await saveFailure({ workspace, connectionId, receivedAt: now, reason, remote });
    return error;
  };
  const raw = await readBody(request, { maxBytes: WEBHOOK_MAX_BYTES }).catch(async (error) => {
    throw error instanceof AppError ? await refuse(error.code, error) : error;
  });
  const secrets = await openWebhookSecrets(connection);
  const verified = verifyWebhook(raw.toString("utf8"), request.headers, secrets);
  if (verified.kind === "refused") {
    const { reason, code, message } = verified;
    throw await refuse(reason, new AppError(code, message));
  }
  return store(connection, { webhookId: verified.id, ...verified.body }, now);
}

async function store(
  { workspace, id }: ConnectionRow,
  { webhookId, created_at, data }: WebhookBody & { webhookId: string },
  now: Date,
): Promise<WebhookAnswer> {
  const hint: SyncHint = {
    workspace,
    connectionId: id,
    type: data.type,
    resourceId: data.id,
    threadId: data.session_thread_id ?? null,
    createdAt: created_at,
  };
  const repeats = await prisma.$transaction(async (tx) => {
    const row = await updateConnection(tx, { workspace, id }, { lastWebhookAt: now });
    if (!row) throw gone();
    const retained = await readRetained(tx, { workspace, connectionId: id }, [data.id]);
    const isErased = retained.get(data.id)?.how === "erased";
    const told = isErased ? { ...hint, resourceId: "erased", threadId: null } : hint;
    const before = await saveDelivery(tx, { ...told, webhookId, receivedAt: now });
    // What is paused catches up by its lists once it goes on.
    if (before === 0 && row.state !== "paused" && !isErased)
      await enqueue(tx, {
        task: HINT_TASK,
        payload: hint,
        key: `hint:${id}:${hint.resourceId}`,
        priority: HINT_PRIORITY,
      });
    return before;
  });
  return { received: true, repeat: repeats > 0 };
}
