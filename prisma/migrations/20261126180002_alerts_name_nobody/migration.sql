-- Alerts of opened content told everybody who sees alerts whose it was; that is for admins to read.
update "alert_rule" set "body" = jsonb_set("body", '{annotations,summary}',
  '"Somebody with the role Cost only has opened content by a break-glass; who and why stands under People, for admins."')
where "id" = 'rule_self_break_glass' and "body" #>> '{annotations,summary}' like '%labels.person%';

do $$
declare who text;
begin
  for who in select distinct "email" from "break_glass" loop
    update "alert_episode" set "labels" = replace("labels"::text, who, 'somebody')::jsonb,
      "summary" = replace("summary"::text, who, 'somebody')::jsonb
    where "rule_id" = 'rule_self_break_glass';
    update "alert_instance" set "labels" = replace("labels"::text, who, 'somebody')::jsonb
    where "rule_id" = 'rule_self_break_glass';
    update "notice" set "content" = replace("content"::text, who, 'somebody')::jsonb
    where "rule_id" = 'rule_self_break_glass';
    update "delivery" set "content" = replace("content"::text, who, 'somebody')::jsonb
    where "content"::text like '%rule_self_break_glass%';
  end loop;
end $$;
