-- Which sessions had an error of a group, first, last and in between: errors are few among the cells.
create index "session_cell_fault" on "session_cell" ("workspace", "key", "minute", "session_id", "connection_id")
  where "family" = 'fault' and "count" > 0;
