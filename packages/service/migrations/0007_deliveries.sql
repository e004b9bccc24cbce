-- Where the cache's log stood once an invalidation was in it: whoever has applied the log up to there has applied it.
alter table service_invalidations add column log_era text, add column log_n bigint;

-- How far each process has applied that log, as it says itself every second. Who is silent for five minutes is forgotten.
create table service_processes (
  instance uuid primary key,
  process text not null,
  log_era text not null,
  log_n bigint not null,
  seen_at timestamptz not null default now()
);
