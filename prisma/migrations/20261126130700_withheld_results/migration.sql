-- Results that came before their calls: what they say is sealed, with one key for a workspace, until a
-- call tells which rules of masking are about it.
CREATE TABLE "withheld_result" (
    "workspace" TEXT NOT NULL,
    "session_id" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL DEFAULT '',
    "call_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "thread_id" TEXT NOT NULL DEFAULT '',
    "event_id" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(6) NOT NULL,
    "sealed" TEXT NOT NULL,

    CONSTRAINT "withheld_result_pkey" PRIMARY KEY ("workspace","session_id","connection_id","call_id","id")
);

CREATE INDEX "withheld_result_received_at_idx" ON "withheld_result"("received_at");

-- Their key is a stored secret, which is sealed and goes along with a rotation as all are.
CREATE OR REPLACE VIEW "sealed_secret" AS
SELECT 'connection' AS "relation", "workspace", "id", "name", 'api_key' AS "what",
    'connection/' || "id" || '/api_key' AS "place", "api_key_sealed" AS "sealed"
FROM "connection" WHERE "api_key_sealed" <> ''
UNION ALL
SELECT 'connection', "workspace", "id", "name", 'admin_key',
    'connection/' || "id" || '/admin_key', "admin_key_sealed"
FROM "connection" WHERE "admin_key_sealed" IS NOT NULL
UNION ALL
SELECT 'connection', "workspace", "id", "name", 'webhook_secret',
    'connection/' || "id" || '/webhook_secret', one
FROM "connection", unnest("webhook_secrets_sealed") AS one
UNION ALL
SELECT 'channel', "workspace", "id", "name", named.key,
    'channel/' || "id" || '/' || named.key, one ->> 'sealed'
FROM "channel", jsonb_each("secrets") AS named, jsonb_array_elements(named.value) AS one
UNION ALL
SELECT 'setting', "workspace", "key", 'pulse', 'url', 'pulse/' || "workspace", "value" ->> 'sealed'
FROM "setting" WHERE "key" = 'notify_pulse' AND "value" ? 'sealed'
UNION ALL
SELECT 'setting', "workspace", "key", 'withheld results', 'key', 'withheld/' || "workspace", "value" ->> 'sealed'
FROM "setting" WHERE "key" = 'withheld_key' AND "value" ? 'sealed'
UNION ALL
SELECT 'second_factor', 'default', f."person_id", p."email", 'totp_key',
    'person/' || f."person_id" || '/totp_key', f."key_sealed"
FROM "second_factor" f JOIN "person" p ON p."id" = f."person_id" WHERE f."key_sealed" <> '';

DROP TRIGGER "setting_refuse_retired_key" ON "setting";
CREATE TRIGGER "setting_refuse_retired_key" BEFORE INSERT OR UPDATE OF "value" ON "setting"
FOR EACH ROW WHEN (new."key" IN ('notify_pulse', 'withheld_key')) EXECUTE FUNCTION refuse_retired_key();
