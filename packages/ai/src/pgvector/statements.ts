/**
 * Makes the table where there is none, in one transaction, one process after another; so who has it made needs no rights
 * but to read and write it. Distances are computed among the questions of one context alone, and exactly: an approximate
 * index would look for neighbours among all contexts first and filter after.
 */
export const createQuestions = `
  do $$ begin
    perform pg_advisory_xact_lock(hashtextextended('reprise questions', 0));
    if exists (
      select from pg_tables where schemaname = current_schema() and tablename = 'reprise_questions'
    ) then return; end if;
    create extension if not exists vector;
    create table reprise_questions (
      context text collate "C" not null,
      digest text collate "C" not null,
      tenant text collate "C" not null,
      question text not null,
      embedding vector not null,
      kept_at bigint not null,
      used_at bigint not null,
      primary key (context, digest)
    );
    create index reprise_questions_tenant on reprise_questions (tenant, used_at);
    create index reprise_questions_used on reprise_questions (used_at);
    create index reprise_questions_kept on reprise_questions (kept_at);
  end $$`

/** `$3` is the least similarity, `$4` when the oldest living was kept. */
export const nearest = `
  select question, 1 - distance as similarity, kept_at from (
    select question, kept_at, embedding <=> $2::vector as distance from reprise_questions
    where context = $1 and kept_at > $4
  ) as known where 1 - distance >= $3::float8 order by distance limit $5`

export const keep = `
  insert into reprise_questions (context, digest, tenant, question, embedding, kept_at, used_at)
  values ($1, $2, $3, $4, $5::vector, $6, $6)
  on conflict (context, digest) do update
    set embedding = excluded.embedding, kept_at = excluded.kept_at, used_at = excluded.used_at`

export const touch =
  'update reprise_questions set used_at = $3 where context = $1 and digest = $2 and used_at < $3'

export const forget = 'delete from reprise_questions where context = $1 and digest = $2'

export const forgetTenant = 'delete from reprise_questions where tenant = $1'

export const expire = 'delete from reprise_questions where kept_at <= $1'

/** Leaves a tenant its `$2` questions that were used last. */
export const trimTenant = `
  delete from reprise_questions where (context, digest) in (
    select context, digest from reprise_questions where tenant = $1
    order by used_at desc, context, digest offset $2 for update skip locked
  )`

/** Leaves the `$1` questions that were used last. */
export const trimAll = `
  delete from reprise_questions where (context, digest) in (
    select context, digest from reprise_questions
    order by used_at desc, context, digest offset $1 for update skip locked
  )`
