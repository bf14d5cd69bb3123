-- Which sessions had an error of a group, first, last and in between: errors are few among the cells.
create index "session_cell_fault" on "session_cell" ("workspace", "key", "minute", "session_id", "connection_id")
  where "family" = 'fault' and "count" > 0;
-- And those of a short range, whatever their group.
create index "session_cell_fault_minute" on "session_cell" ("workspace", "minute")
  where "family" = 'fault' and "count" > 0;
