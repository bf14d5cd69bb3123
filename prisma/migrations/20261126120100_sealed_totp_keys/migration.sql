-- The keys of people's authenticator apps are stored sealed too.
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
SELECT 'second_factor', 'default', f."person_id", p."email", 'totp_key',
    'person/' || f."person_id" || '/totp_key', f."key_sealed"
FROM "second_factor" f JOIN "person" p ON p."id" = f."person_id" WHERE f."key_sealed" <> '';

CREATE TRIGGER "second_factor_refuse_retired_key" BEFORE INSERT OR UPDATE OF "key_sealed" ON "second_factor"
FOR EACH ROW EXECUTE FUNCTION refuse_retired_key();
