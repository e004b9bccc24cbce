/** The columns of a `ResultRow` without its value. */
export const columns = `id, site, type, target, number, status, score, model, strategy, rank, prompt_version, inputs_digest,
  sources, tags, input_tokens, output_tokens, cost, triggered_by, created_at, finished_at, upgraded_at, expires_at,
  holder, lease_until, failure, abandoned, invalidated_at, invalidated_by, reason`

/** $1 site, $2 instant or null for the database's own. Names the site for row-level security and tells the time. */
export const enter = `select set_config('reprise.site', $1, true),
  pg_advisory_xact_lock_shared(hashtextextended('reprise results ' || $1, 0)),
  coalesce($2::timestamptz, clock_timestamp()) as now`

/** As `enter`, for an invalidation: waits until no other change of the site is under way, and lets none begin. */
export const enterAlone = enter.replace('_shared', '')

/** $1 site. Names the site and locks nothing, for a heartbeat, which must not wait behind an invalidation. */
export const name = `select set_config('reprise.site', $1, true)`

/** $1 site, $2 type. Makes the shelf where it is missing and locks it, so that changes of a shelf come one by one. */
export const lockShelf = `insert into result_shelves (site, type) values ($1, $2)
  on conflict (site, type) do update set last_number = result_shelves.last_number
  returning last_number`

// A read is one statement, without a transaction: the lateral join makes `set_config` come before the scan, whose
// policy asks for the setting.
const read = (query: string): string =>
  `select found.*, coalesce($2::timestamptz, now()) as now
  from set_config('reprise.site', $1, true) as scope (site), lateral (${query}) as found`

/** $1 site, $2 instant, $3 type, $4 target: the newest valid and unexpired result, by one index probe (row D1). */
export const latest = `select ${columns}, value, coalesce($2::timestamptz, now()) as now
  from latest_result($1, $3, $4, $2::timestamptz)`

/** $1 site, $2 instant, $3 type, $4 target: the newest that was valid, however long ago it ended. */
export const previous = read(`select ${columns}, value from results
  where site = scope.site and type = $3 and target = $4 and finished_at is not null and status in ('valid', 'expired')
  order by number desc limit 1`)

/** $1 site, $2 unused, $3 type, $4 target, $5 limit, $6 as of or null: finished results, newest first (row D2). */
export const history = read(`select ${columns}, value from results
  where site = scope.site and type = $3 and target = $4 and finished_at is not null
    and (status <> 'invalidated' or invalidated_at > $6::timestamptz)
    and finished_at <= coalesce($6::timestamptz, 'infinity')
  order by number desc limit $5`)

/** $1 site, $2 instant, $3 id: one row, whatever its status, and whether its generator is believed to live. */
export const find = read(`select ${columns}, value, lease_until > coalesce($2::timestamptz, now()) as alive
  from results where site = scope.site and id = $3`)

/** $1 site, $2 type, $3 target: who generates it. */
export const running = `select ${columns} from results
  where site = $1 and type = $2 and target = $3 and status = 'generating'`

/** $1 site, $2 id: what a change of a row must know of it, and who has its target now. */
export const standing = `select ${columns}, begun_after,
    (select holder from results other where other.site = $1 and other.type = mine.type and other.target = mine.target
      and other.status = 'generating') as held_by,
    (select id from results other where other.site = $1 and other.type = mine.type and other.target = mine.target
      and other.status = 'generating') as held_as
  from results mine where site = $1 and id = $2`

/** $1 site, $2 id: a finished result, whatever became of it. */
export const renewable = `select ${columns}, value from results where site = $1 and id = $2 and finished_at is not null`

/** The next number of the shelf $1, $2, which the transaction has locked. */
const next = `with shelf as (
    update result_shelves set last_number = last_number + 1 where site = $1 and type = $2 returning last_number
  )`

const beginning = `(select coalesce(max(id), 0) from result_invalidations where site = $1)`

/** $1 site, $2 type, $3 target, $4 now, $5 triggered by, $6 to $13 derivation, $14 tags, $15 holder, $16 lease until. */
export const insertGenerating = `${next}
  insert into results (site, type, target, number, status, created_at, triggered_by, model, strategy, rank, cost,
    prompt_version, inputs_digest, input_tokens, output_tokens, sources, tags, holder, lease_until, begun_after)
  select $1, $2, $3, last_number, 'generating', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14::text[], $15::text[],
    $16, $17, ${beginning} from shelf
  returning ${columns}`

/** As `insertGenerating` up to $15, then $16 value, $17 score, $18 expires at. */
export const insertValid = `${next}
  insert into results (site, type, target, number, status, created_at, triggered_by, model, strategy, rank, cost,
    prompt_version, inputs_digest, input_tokens, output_tokens, sources, tags, value, score, expires_at, finished_at,
    begun_after)
  select $1, $2, $3, last_number, 'valid', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14::text[], $15::text[],
    $16::json, $17, $18, $4, ${beginning} from shelf
  returning ${columns}, value`

/** $1 site, $2 id, $3 now, $4 expires at, $5 triggered by, $6 to $15 derivation and tags, $16 value, $17 score. */
export const finalize = `update results set status = 'valid', finished_at = $3, expires_at = $4, lease_until = null,
    triggered_by = $5, model = $6, strategy = $7, rank = $8, cost = $9, prompt_version = $10, inputs_digest = $11,
    input_tokens = $12, output_tokens = $13, sources = $14::text[], tags = $15::text[], value = $16::json, score = $17
  where site = $1 and id = $2 and status = 'generating'
  returning ${columns}, value`

/** As `finalize`, only over a valid result of a lower rank. */
export const upgrade = `update results set upgraded_at = $3, expires_at = $4,
    triggered_by = $5, model = $6, strategy = $7, rank = $8, cost = $9, prompt_version = $10, inputs_digest = $11,
    input_tokens = $12, output_tokens = $13, sources = $14::text[], tags = $15::text[], value = $16::json, score = $17
  where site = $1 and id = $2 and status = 'valid' and (expires_at is null or expires_at > $3)
    and (rank is null or rank < $8)
  returning ${columns}, value`

/** $1 site, $2 id, $3 why, $4 whether its generator was lost. */
export const fail = `update results set status = 'failed', failure = $3, abandoned = $4, lease_until = null
  where site = $1 and id = $2 and status = 'generating' returning id`

/** $1 site, $2 id, $3 instant or null, $4 milliseconds: a heartbeat. */
export const beat = `update results
  set lease_until = coalesce($3::timestamptz, clock_timestamp()) + $4 * interval '1 millisecond'
  where site = $1 and id = $2 and status = 'generating' returning id`

/** $1 site, $2 labels, $3 result: its labels are these and no others. */
export const label = `with gone as (
    delete from result_labels where site = $1 and result = $3 and label <> all ($2::text[])
  )
  insert into result_labels (site, label, result)
  select $1, unnest($2::text[]), $3 on conflict do nothing`

/** $1 site, $2 type, $3 targets: after a change of what is valid, the newest valid result of each is its head. */
export const crown = `update results r set head = (newest.place = 1)
  from unnest($3::text[]) as wanted (target), lateral (
    select id, row_number() over (order by number desc) as place from (
      select id, number from results
      where site = $1 and type = $2 and target = wanted.target and status = 'valid'
      order by number desc limit 2
    ) as top
  ) as newest
  where r.id = newest.id and r.head <> (newest.place = 1)`

/** $1 site, $2 id of the newest invalidation when it began, $3 labels: the first one since that concerns it. */
export const brokenBy = `select invalidated_by, reason, at from result_invalidations
  where site = $1 and id > $2 and label = any ($3::text[]) order by id limit 1`

/** $1 site, $2 type, $3 target, $4 label, $5 by, $6 reason, $7 now. */
export const insertInvalidation = `insert into result_invalidations (site, type, target, label, invalidated_by, reason, at)
  values ($1, $2, $3, $4, $5, $6, $7) returning id`

/** $1 site, $2 id, $3 how many. */
export const countInvalidation = `update result_invalidations set results = $3 where site = $1 and id = $2`

const invalidateSet = `update results set status = 'invalidated', head = false, lease_until = null,
    invalidated_at = $2, invalidated_by = $3, reason = $4
  where site = $1 and (status = 'generating' or (finished_at is not null and status in ('valid', 'expired')))`
const invalidated = `returning id, type, target`

/** $1 site, $2 now, $3 by, $4 reason; then what to invalidate. */
export const invalidate = {
  id: `${invalidateSet} and id = $5 ${invalidated}`,
  target: `${invalidateSet} and type = $5 and target = $6 ${invalidated}`,
  type: `${invalidateSet} and type = $5 ${invalidated}`,
  label: `${invalidateSet} and id in (select result from result_labels where site = $1 and label = $5) ${invalidated}`,
} as const
