alter table browser_session add column by_provider boolean not null default false;

create table removed_person (
  workspace text not null,
  hash text not null,
  created_at timestamptz(6) not null default current_timestamp,
  primary key (workspace, hash)
);
