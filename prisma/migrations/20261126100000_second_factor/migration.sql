create table second_factor (
  person_id text primary key,
  key_sealed text not null,
  confirmed_at timestamptz(6),
  last_step integer not null default 0,
  failures integer not null default 0,
  failed_at timestamptz(6),
  created_at timestamptz(6) not null default current_timestamp
);

create table backup_code (
  person_id text not null,
  hash text not null,
  used_at timestamptz(6),
  primary key (person_id, hash)
);

create table sign_in_step (
  hash text primary key,
  person_id text not null,
  expires_at timestamptz(6) not null
);
create index sign_in_step_person_id_idx on sign_in_step (person_id);
