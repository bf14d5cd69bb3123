-- Master keys that were rotated away.
CREATE TABLE "retired_key" (
    "id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "retired_key_pkey" PRIMARY KEY ("id")
);

-- Every secret that is stored sealed, with the place it is bound to: see lib/auth/sealing.ts.
CREATE VIEW "sealed_secret" AS
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
FROM "setting" WHERE "key" = 'notify_pulse' AND "value" ? 'sealed';

-- Nothing more is stored that only a retired key opens: who retires one holds this lock alone, and so
-- has waited for every transaction that was past this check.
CREATE FUNCTION refuse_retired_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('watchkeeper.rotating', true) = 'on' THEN
    RETURN new;
  END IF;
  PERFORM pg_advisory_xact_lock_shared(7249011);
  IF EXISTS (
    SELECT FROM "retired_key" WHERE to_jsonb(new)::text ~ ('\ms[0-9]\.' || "id" || '\.')
  ) THEN
    RAISE EXCEPTION 'A secret was encrypted with a key that was rotated away.' USING ERRCODE = 'WK001';
  END IF;
  RETURN new;
END $$;

CREATE TRIGGER "connection_refuse_retired_key"
BEFORE INSERT OR UPDATE OF "api_key_sealed", "admin_key_sealed", "webhook_secrets_sealed" ON "connection"
FOR EACH ROW EXECUTE FUNCTION refuse_retired_key();

CREATE TRIGGER "channel_refuse_retired_key" BEFORE INSERT OR UPDATE OF "secrets" ON "channel"
FOR EACH ROW EXECUTE FUNCTION refuse_retired_key();

CREATE TRIGGER "setting_refuse_retired_key" BEFORE INSERT OR UPDATE OF "value" ON "setting"
FOR EACH ROW WHEN (new."key" = 'notify_pulse') EXECUTE FUNCTION refuse_retired_key();
