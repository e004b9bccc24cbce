-- Sessions: one row for every login, which a refresh token keeps alive. The token is `<id>.<secret>`, and only the hash of
-- the secret is kept; each use replaces it, so that a second use of an old one is noticed and ends the session.
create table service_sessions (
  id uuid primary key,
  user_id bigint not null references service_users on delete cascade,
  secret_hash text not null,
  previous_hash text,
  rotated_at timestamptz not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  address text
);
create index service_sessions_user on service_sessions (user_id, created_at);

-- Tokens of programs: `rp_<id>_<secret>`, kept as the hash of the secret.
create table service_api_tokens (
  id uuid primary key,
  name text not null unique check (length(name) between 1 and 100),
  secret_hash text not null,
  role text not null check (role in ('viewer', 'operator', 'admin')),
  tenant text check (length(tenant) between 1 and 100),
  created_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  last_used_at timestamptz
);
