-- Timelines of sessions: what happened in a session, by category and resource, in the order of one sequence.
-- Times are milliseconds since 1970 of the processes' clocks.

-- Numbers events and changes of all sessions. It is read while the session's row is locked, so numbers rise within a
-- session; none comes twice, not even for a session that was cleared or has expired and is begun again.
create sequence timeline_sequence as bigint;

-- version is the number of the newest change: of the last event, or of a removal.
create table timeline_sessions (
  id bigint generated always as identity primary key,
  site text collate "C" not null,
  session text collate "C" not null,
  scene text collate "C" not null,
  version bigint not null default 0,
  bytes bigint not null default 0,
  expires_at bigint not null,
  unique (site, session, scene)
);
create index timeline_sessions_expires_at on timeline_sessions (expires_at);

-- payload is json, not jsonb: it comes back as it was written, and may hold what jsonb refuses (\u0000).
create table timeline_events (
  session_id bigint not null references timeline_sessions (id) on delete cascade,
  sequence bigint not null,
  site text collate "C" not null,
  category text collate "C" not null,
  resource text collate "C" not null,
  at bigint not null,
  model text not null,
  strategy text not null,
  payload json not null,
  primary key (session_id, category, sequence)
);
create index timeline_events_latest on timeline_events (session_id, category, resource, sequence);

-- Rows of a site are there only for a transaction that has named the site, also for the owner of the tables.
-- Whoever sweeps names an instant instead, and meets the sessions that were over by then; their events go with them.
alter table timeline_sessions enable row level security;
alter table timeline_sessions force row level security;
alter table timeline_events enable row level security;
alter table timeline_events force row level security;
create policy timeline_sessions_site on timeline_sessions
  using (site = current_setting('reprise.site', true)) with check (site = current_setting('reprise.site', true));
create policy timeline_events_site on timeline_events
  using (site = current_setting('reprise.site', true)) with check (site = current_setting('reprise.site', true));
create policy timeline_sessions_swept on timeline_sessions
  using (expires_at <= nullif(current_setting('reprise.sweep_before', true), '')::bigint) with check (false);
