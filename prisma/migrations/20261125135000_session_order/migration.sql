-- The order of a session's rows, under a collation of its own: a question in it can be answered by these
-- indexes alone. Otherwise the planner, which takes a session for one of average length, walks all of a
-- long one along the primary key and sorts it, and from PostgreSQL 18 on skips whatever stands before.
drop index "span_order";
create index "span_order" on "span" ("session_id" collate "C", "at", "id");
drop index "span_course";
create index "span_course" on "span" ("session_id" collate "C", "kind", "thread_id", "at", "id")
  where "kind" in ('turn', 'state', 'wait', 'mark');
drop index "span_long";
create index "span_long" on "span" ("session_id" collate "C", "at", "id")
  where "ended_at" is null or "ended_at" - "at" >= interval '1 minute';
drop index "event_order";
create index "event_order" on "event" ("session_id" collate "C", "at", "rank", "id");
