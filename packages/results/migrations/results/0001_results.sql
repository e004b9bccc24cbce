-- Results with a life. Everything belongs to a site, and row-level security shows a session only the rows of the
-- site that `reprise.site` names; without it, none. The owner of the tables is bound too (force), superusers are not.

-- One row for each type of each site. Whoever changes results of a shelf locks its row first, so changes of one shelf
-- come one after another and `last_number` orders them.
create table result_shelves (
  site text collate "C" not null check (site <> '' and site <> '*'),
  type text collate "C" not null,
  last_number bigint not null default 0,
  primary key (site, type)
);

create table results (
  id bigint generated always as identity primary key,
  site text collate "C" not null,
  type text collate "C" not null,
  target text collate "C" not null,
  -- The place on its shelf, given when it began: what is newest goes by it and by no clock.
  number bigint not null,
  status text collate "C" not null check (status in ('generating', 'valid', 'expired', 'invalidated', 'failed')),
  -- The newest valid result of its target: never trimmed.
  head boolean not null default false,
  value json,
  score double precision,
  model text,
  strategy text,
  rank double precision,
  prompt_version text,
  inputs_digest text,
  sources text[] not null default '{}',
  tags text[] not null default '{}',
  input_tokens bigint,
  output_tokens bigint,
  cost double precision,
  triggered_by text,
  created_at timestamptz not null,
  finished_at timestamptz,
  upgraded_at timestamptz,
  expires_at timestamptz,
  -- Who generates it, and until when that is believed without a heartbeat.
  holder text,
  lease_until timestamptz,
  -- The newest invalidation of the site when it began: later ones concern it.
  begun_after bigint not null,
  failure text,
  -- It failed because its generator was lost, not by an error of its own: whoever waits may try again.
  abandoned boolean not null default false,
  invalidated_at timestamptz,
  invalidated_by text,
  reason text,
  check ((status = 'generating') = (lease_until is not null)),
  check ((finished_at is null) = (value is null)),
  check (status not in ('valid', 'expired') or finished_at is not null),
  check (status not in ('generating', 'failed') or finished_at is null),
  check ((status = 'invalidated') = (invalidated_at is not null)),
  check (status = 'valid' or not head)
);

-- At most one generator of a target; also finds generators whose lease is over.
create unique index results_generating on results (site, type, target) where status = 'generating';
create index results_valid on results (site, type, target, number) where status = 'valid';
create index results_finished on results (site, type, target, number) where finished_at is not null;
create index results_expiring on results (site, type, expires_at) where status = 'valid' and expires_at is not null;
-- Exactly what a trim may delete, oldest first.
create index results_spare on results (site, type, number) where not head and status <> 'generating';

-- What a result was derived from, one row for each tag, model, prompt version and source: what invalidation looks up.
create table result_labels (
  site text collate "C" not null,
  label text collate "C" not null,
  result bigint not null,
  primary key (site, label, result)
);
create index result_labels_result on result_labels (result);

-- Every invalidation, for those who look later and for generations that were under way.
create table result_invalidations (
  id bigint generated always as identity primary key,
  site text collate "C" not null,
  type text collate "C",
  target text collate "C",
  label text collate "C",
  invalidated_by text,
  reason text,
  results bigint not null default 0,
  at timestamptz not null
);
create index result_invalidations_site on result_invalidations (site, id);
create index result_invalidations_label on result_invalidations (site, label, id) where label is not null;

alter table result_shelves enable row level security;
alter table result_shelves force row level security;
alter table results enable row level security;
alter table results force row level security;
alter table result_labels enable row level security;
alter table result_labels force row level security;
alter table result_invalidations enable row level security;
alter table result_invalidations force row level security;

create policy of_site on result_shelves using (site = current_setting('reprise.site', true));
create policy of_site on results using (site = current_setting('reprise.site', true));
create policy of_site on result_labels using (site = current_setting('reprise.site', true));
create policy of_site on result_invalidations using (site = current_setting('reprise.site', true));
-- The nightly task lists the shelves of every site, and then works site by site.
create policy listed on result_shelves for select using (current_setting('reprise.site', true) = '*');

-- The newest valid and unexpired result of a target, in one round trip and one index probe. A function, since its plan
-- is kept for a connection: planning takes longer than the probe. It names the site first, so the policy lets it see it.
create function latest_result(of_site text, of_type text, of_target text, at timestamptz) returns setof results
language plpgsql volatile rows 1 as $$
begin
  perform set_config('reprise.site', of_site, true);
  return query
    select * from results
    where site = of_site and type = of_type and target = of_target and status = 'valid'
      and (expires_at is null or expires_at > coalesce(at, now()))
    order by number desc limit 1;
end
$$;
