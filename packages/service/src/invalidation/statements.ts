// The log of invalidations, which is also their outbox (row A20).

/** What a claimed row carries. */
export const columns = `invalidation_id, origin, keys, tags, spaces, tenant, event, about, operator_id, reason, visible_to, status,
  attempts, error, created_at, next_attempt_at, completed_at, log_era, log_n::float8 as log_n`

export const insert = `
  insert into service_invalidations (invalidation_id, origin, keys, tags, spaces, tenant, event, about, operator_id,
    reason, visible_to, idempotency_key, asked_digest)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
  on conflict (idempotency_key) do nothing returning invalidation_id`

export const findAsked = `
  select invalidation_id, asked_digest from service_invalidations where idempotency_key = $1`

// Heard when the transaction commits, and only then.
export const notify = `select pg_notify($1, $2)`

export const selectOne = `select ${columns} from service_invalidations where invalidation_id = $1`

export const selectPage = `
  select ${columns}, id::text as place from service_invalidations
  where ($1::text is null or status = $1) and ($2::text is null or origin = $2)
    and ($3::text is null or visible_to = $3) and ($4::bigint is null or id < $4)
  order by id desc limit $5`

export const selectAbout = `
  select ${columns} from service_invalidations where about = $1 order by id desc limit 1`

export const selectSince = `
  select ${columns} from service_invalidations where created_at > $1 order by id desc limit $2`
