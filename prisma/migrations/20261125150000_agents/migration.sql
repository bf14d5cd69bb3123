-- What a session's agent was set up with. Of sessions that are here already it comes with the next fold.
alter table "session" add column "config_hash" text;
