// The log of invalidations, which is also their outbox (row A20).

const columns = `invalidation_id, origin, keys, tags, spaces, tenant, event, about, operator_id, reason, visible_to, status,
  attempts, error, created_at, next_attempt_at, completed_at`

export const insert = `
  insert into service_invalidations (invalidation_id, origin, keys, tags, spaces, tenant, event, about, operator_id,
    reason, visible_to, idempotency_key, asked_digest)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
  on conflict (idempotency_key) do nothing returning invalidation_id`

export const findAsked = `
  select invalidation_id, asked_digest from service_invalidations where idempotency_key = $1`

// Heard when the transaction commits, and only then.
export const notify = `select pg_notify($1, $2)`

// Whoever takes a row works on it alone; one that was taken and not finished in time was left by a process that died.
// Order does not matter: each attempt deletes, and the next read loads.
export const claim = `
  update service_invalidations set status = 'processing', claimed_at = now(), attempts = attempts + 1
  where id in (
    select id from service_invalidations
    where (status = 'pending' and next_attempt_at <= now())
      or (status = 'processing' and claimed_at <= now() - $1::interval)
    order by id limit $2 for update skip locked)
  returning ${columns}`

export const complete = `
  update service_invalidations set status = 'completed', completed_at = now(), error = null
  where invalidation_id = $1 and status = 'processing'`

export const postpone = `
  update service_invalidations set status = 'pending', error = $2, next_attempt_at = now() + $3::interval
  where invalidation_id = $1 and status = 'processing'`

export const fail = `
  update service_invalidations set status = 'failed', error = $2
  where invalidation_id = $1 and status = 'processing'`

export const retry = `
  update service_invalidations set status = 'pending', next_attempt_at = now()
  where invalidation_id = $1 and status = 'failed' returning invalidation_id`

export const nextDue = `
  select (extract(epoch from min(
    case when status = 'pending' then next_attempt_at else claimed_at + $1::interval end) - now()) * 1000)::float8 as due
  from service_invalidations where status in ('pending', 'processing')`

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
