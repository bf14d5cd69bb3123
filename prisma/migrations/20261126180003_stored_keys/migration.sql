-- All keys that are stored sealed, those of withheld results and of gone sessions.
create or replace view "sealed_secret" as
select 'connection' as "relation", "workspace", "id", "name", 'api_key' as "what",
    'connection/' || "id" || '/api_key' as "place", "api_key_sealed" as "sealed"
from "connection" where "api_key_sealed" <> ''
union all
select 'connection', "workspace", "id", "name", 'admin_key',
    'connection/' || "id" || '/admin_key', "admin_key_sealed"
from "connection" where "admin_key_sealed" is not null
union all
select 'connection', "workspace", "id", "name", 'webhook_secret',
    'connection/' || "id" || '/webhook_secret', one
from "connection", unnest("webhook_secrets_sealed") as one
union all
select 'channel', "workspace", "id", "name", named.key,
    'channel/' || "id" || '/' || named.key, one ->> 'sealed'
from "channel", jsonb_each("secrets") as named, jsonb_array_elements(named.value) as one
union all
select 'setting', "workspace", "key", 'pulse', 'url', 'pulse/' || "workspace", "value" ->> 'sealed'
from "setting" where "key" = 'notify_pulse' and "value" ? 'sealed'
union all
select 'setting', "workspace", "key", 'erased sessions', 'hash key', 'gone/' || "workspace", "value" ->> 'sealed'
from "setting" where "key" = 'gone_key' and "value" ? 'sealed'
union all
select 'setting', "workspace", "key", 'withheld results', 'key', 'withheld/' || "workspace", "value" ->> 'sealed'
from "setting" where "key" = 'withheld_key' and "value" ? 'sealed'
union all
select 'second_factor', 'default', f."person_id", p."email", 'totp_key',
    'person/' || f."person_id" || '/totp_key', f."key_sealed"
from "second_factor" f join "person" p on p."id" = f."person_id" where f."key_sealed" <> '';

drop trigger "setting_refuse_retired_key" on "setting";
create trigger "setting_refuse_retired_key" before insert or update of "value" on "setting"
for each row when (new."key" in ('notify_pulse', 'gone_key', 'withheld_key')) execute function refuse_retired_key();
