-- Users of the operations API. password_hash is null for a user who has no password (yet, or any more after a
-- one-time login); token_version is part of every token, so raising it ends the tokens issued before.
create table service_users (
  id bigint generated always as identity primary key,
  username text not null unique check (length(username) between 1 and 100),
  password_hash text,
  role text not null check (role in ('viewer', 'operator', 'admin')),
  is_active boolean not null default true,
  password_once boolean not null default false,
  token_version integer not null default 0,
  created_at timestamptz not null default now(),
  last_login_at timestamptz
);
