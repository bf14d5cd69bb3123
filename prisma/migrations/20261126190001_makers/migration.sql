-- Which person made a key or a link: whoever is removed leaves none behind without somebody's word.
alter table "api_key" add column "created_by_id" text;
alter table "access_link" add column "created_by_id" text;
update "api_key" k set "created_by_id" = p."id" from "person" p where p."email" = k."created_by";
update "access_link" l set "created_by_id" = p."id" from "person" p where p."email" = l."created_by";

-- Mail with links that let people in goes through a channel that an admin has chosen. So far it was the oldest.
alter table "channel" add column "carries_links" boolean not null default false;
update "channel" c set "carries_links" = true
where c."kind" = 'email' and c."id" = (
    select o."id" from "channel" o
    where o."workspace" = c."workspace" and o."kind" = 'email'
    order by o."created_at", o."id" limit 1
);
create unique index "channel_carries_links_key" on "channel" ("workspace") where "carries_links";
