-- The outbox of invalidations and the log of them in one (row A20): a row is written in the transaction of what caused
-- it, so that there is never one without the other. It is pending until a process takes it, processing while the
-- deletion is carried out, and completed only when it was seen to be done. The database's own clock tells what is due.
create table service_invalidations (
  id bigint generated always as identity primary key,
  invalidation_id text not null unique,
  origin text not null,
  keys text[] not null default '{}',
  tags text[] not null default '{}',
  spaces text[] not null default '{}',
  tenant text,
  -- The change that caused it, and what it is about, such as intents/5.
  event json,
  about text not null default '',
  operator_id text not null,
  reason text not null default '',
  -- The tenant that may see the row; null for callers who are bound to none.
  visible_to text,
  status text not null default 'pending' check (status in ('pending', 'processing', 'completed', 'failed')),
  attempts integer not null default 0,
  error text,
  -- The header Idempotency-Key with who sent it, and a digest of what was asked.
  idempotency_key text unique,
  asked_digest text,
  created_at timestamptz not null default now(),
  next_attempt_at timestamptz not null default now(),
  claimed_at timestamptz,
  completed_at timestamptz
);
create index service_invalidations_open on service_invalidations (next_attempt_at)
  where status in ('pending', 'processing');
create index service_invalidations_about on service_invalidations (about, id desc) where about <> '';
