-- A workspace's own terms beside the published prices, in versions that are kept for ever: sessions name
-- the one they were priced with.
create table "price_version" (
  "workspace" text not null,
  "number" integer not null,
  "id" uuid not null,
  "priced_as" integer not null,
  "terms" jsonb not null,
  "author" text not null,
  "note" text not null,
  "created_at" timestamptz(6) not null,
  constraint "price_version_pkey" primary key ("workspace", "number")
);
