-- The operation log: what was done, by whom, with what end. Every row carries the hash of the one before it; positions
-- have no gaps. The one row of service_operation_chain is locked by whoever adds rows and says where the chain ends,
-- and where it begins after older rows were exported and pruned.
create table service_operations (
  position bigint primary key,
  at timestamptz not null,
  action text not null,
  user_id text,
  username text,
  tenant text,
  target text not null,
  details jsonb not null,
  result text not null check (result in ('done', 'failed', 'refused')),
  status integer,
  error text,
  duration_ms double precision,
  address text,
  request_id text,
  previous text not null,
  hash text not null
);
create index service_operations_at on service_operations (at);
create index service_operations_username on service_operations (username, position desc);
create index service_operations_action on service_operations (action text_pattern_ops, position desc);

create table service_operation_chain (
  one boolean primary key default true check (one),
  position bigint not null,
  hash text not null,
  anchor_position bigint not null,
  anchor_hash text not null
);
insert into service_operation_chain (position, hash, anchor_position, anchor_hash)
  values (0, repeat('0', 64), 0, repeat('0', 64));

-- A user with a tenant sees and changes only what belongs to it; null is everybody's.
alter table service_users add column tenant text check (length(tenant) between 1 and 100);
