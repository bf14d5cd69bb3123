create table person (
  id text primary key,
  email text not null,
  email_verified boolean not null default false,
  name text not null,
  image text,
  created_at timestamptz(6) not null default current_timestamp,
  updated_at timestamptz(6) not null default current_timestamp
);
create unique index person_email_key on person (email);

create table person_account (
  id text primary key,
  person_id text not null,
  provider_id text not null,
  account_id text not null,
  password text,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz(6),
  refresh_token_expires_at timestamptz(6),
  scope text,
  created_at timestamptz(6) not null default current_timestamp,
  updated_at timestamptz(6) not null default current_timestamp
);
create unique index person_account_provider_id_account_id_key on person_account (provider_id, account_id);
create index person_account_person_id_idx on person_account (person_id);

create table person_verification (
  id text primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz(6) not null,
  created_at timestamptz(6) not null default current_timestamp,
  updated_at timestamptz(6) not null default current_timestamp
);
create index person_verification_identifier_idx on person_verification (identifier);

create table membership (
  workspace text not null,
  person_id text not null,
  role text not null,
  created_at timestamptz(6) not null default current_timestamp,
  primary key (workspace, person_id)
);
create index membership_person_id_idx on membership (person_id);

create table access_link (
  id text primary key,
  workspace text not null,
  kind text not null,
  hash text not null,
  email text not null,
  role text,
  person_id text,
  created_by text not null,
  created_at timestamptz(6) not null default current_timestamp,
  expires_at timestamptz(6) not null,
  used_at timestamptz(6)
);
create unique index access_link_hash_key on access_link (hash);
create index access_link_workspace_kind_idx on access_link (workspace, kind);

-- Browsers that came in by a set-up link alone are nobody's, and sign in again.
drop table browser_session;
create table browser_session (
  id text primary key,
  hash text not null,
  workspace text not null default 'default',
  person_id text,
  key_id text,
  ip_address text,
  user_agent text,
  created_at timestamptz(6) not null default current_timestamp,
  updated_at timestamptz(6) not null default current_timestamp,
  expires_at timestamptz(6) not null
);
create unique index browser_session_hash_key on browser_session (hash);
create index browser_session_person_id_idx on browser_session (person_id);
delete from setting where key = 'first_access';

alter table api_key
  add column created_by text not null default '',
  add column expires_at timestamptz(6),
  add column addresses text[] default '{}',
  add column rate_per_minute integer,
  add column replaces text;
