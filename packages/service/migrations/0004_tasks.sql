-- Tasks of the database runner. Locking the one row of service_task_gate is holding the gate: limits are counted
-- under it. `attempt` rises each time the gate lets a task through and fences what earlier attempts still say;
-- `tries` counts those that are held against it. `turn` is when a user was served last: who waits longest is next.
create table service_task_gate (held boolean primary key default true check (held));
insert into service_task_gate default values;

create sequence service_task_turns;
create table service_task_users (
  user_id text primary key,
  turn bigint not null default nextval('service_task_turns')
);

create table service_task_batches (
  id text primary key,
  user_id text not null,
  request_key text,
  fingerprint text,
  created_at timestamptz not null,
  unique (user_id, request_key)
);

create table service_tasks (
  id text primary key,
  seq bigint generated always as identity unique,
  user_id text not null,
  username text not null,
  kind text not null,
  input jsonb not null,
  status text not null default 'pending'
    check (status in ('pending', 'delayed', 'processing', 'completed', 'dead', 'cancelled')),
  batch_id text references service_task_batches (id),
  request_key text,
  fingerprint text,
  attempt integer not null default 0,
  tries integer not null default 0,
  max_tries integer not null,
  cancel_requested boolean not null default false,
  created_at timestamptz not null,
  started_at timestamptz,
  ended_at timestamptz,
  due_at timestamptz,
  lease_until timestamptz,
  result jsonb,
  error text,
  progress jsonb,
  unique (user_id, request_key)
);
create index service_tasks_of_user on service_tasks (user_id, status, seq);
create index service_tasks_by_status on service_tasks (status, seq);
create index service_tasks_of_batch on service_tasks (batch_id, seq) where batch_id is not null;
create index service_tasks_ended on service_tasks (ended_at) where ended_at is not null;

-- Documents that the service manages, such as the catalogue of models: every version stays, one of a name is active.
-- `task` is the task that saved a version, so that a task that runs again saves nothing again; `replaces` is the version
-- that was active before, which a roll-back makes active again.
create table service_documents (
  name text not null,
  version integer not null check (version > 0),
  document jsonb not null,
  active boolean not null,
  replaces integer,
  task text not null,
  username text not null,
  created_at timestamptz not null default now(),
  primary key (name, version),
  unique (name, task)
);
create unique index service_documents_active on service_documents (name) where active;

-- What the last synchronisations of a document came to.
create table service_document_syncs (
  name text primary key,
  synced_at timestamptz not null,
  version integer,
  changed boolean not null,
  statistics jsonb not null,
  failures integer not null,
  error text
);
