// Instants are milliseconds since 1970 in parameters and rows. `$1` is the instant, or null for the server's clock.
const instant = `coalesce(to_timestamp($1::float8 / 1000), clock_timestamp())`
const millis = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`

const keptLongEnough = `ended_at <= ${instant} - (case status when 'dead' then $3::float8 else $2::float8 end) * interval '1 ms'`

/** A row as `readTask` takes it. */
const columns = `id, seq, user_id, username, kind, input, status, batch_id, attempt, tries, max_tries,
  cancel_requested, ${millis('created_at')} as created_at, ${millis('started_at')} as started_at,
  ${millis('ended_at')} as ended_at, ${millis('due_at')} as due_at, result, error, progress`

/** Holds the gate until the transaction ends. */
export const holdGate = `select held from service_task_gate for update`

/** $1 user, $2 key: what an order of this key made. */
export const findOrder = `select null as batch_id, id, fingerprint from service_tasks where user_id = $1 and request_key = $2
  union all
  select b.id, t.id, b.fingerprint from service_task_batches b join service_tasks t on t.batch_id = b.id
  where b.user_id = $1 and b.request_key = $2`

/** $1 user: how many tasks wait, the user's and all. */
export const waiting = `select
  (select count(*) from service_tasks where user_id = $1 and status in ('pending', 'delayed')) as of_user,
  (select count(*) from service_tasks where status in ('pending', 'delayed')) as of_all`

/** $1 user: gives a user who has no turn the last one. */
export const addUser = `insert into service_task_users (user_id) select $1
  where not exists (select from service_task_users where user_id = $1)`

/** $2 batch, $3 user, $4 key, $5 fingerprint. */
export const addBatch = `insert into service_task_batches (id, user_id, request_key, fingerprint, created_at)
  values ($2, $3, $4, $5, ${instant})`

/** $2 user, $3 username, $4 batch, $5 key, $6 fingerprint, $7 tasks as JSON. */
export const addTasks = `insert into service_tasks
    (id, user_id, username, kind, input, batch_id, request_key, fingerprint, max_tries, created_at)
  select task->>'id', $2, $3, task->>'kind', task->'input', $4, $5, $6, (task->>'maxTries')::integer, ${instant}
  from jsonb_array_elements($7::jsonb) with ordinality as given (task, place) order by place`

/** $2 lease, $3 per user, $4 global: lets through the oldest task of whoever was served longest ago, if limits allow. */
export const letThrough = `with free as (
    select u.user_id from service_task_users u
    where (select count(*) from service_tasks where status = 'processing') < $4
      and exists (select from service_tasks t where t.user_id = u.user_id and t.status = 'pending')
      and (select count(*) from service_tasks t where t.user_id = u.user_id and t.status = 'processing') < $3
    order by u.turn limit 1
  ), next as (
    select t.id from service_tasks t join free using (user_id) where t.status = 'pending' order by t.seq limit 1
  ), served as (
    update service_task_users set turn = nextval('service_task_turns') where user_id in (select user_id from free)
  )
  update service_tasks set status = 'processing', attempt = attempt + 1, tries = tries + 1, started_at = null,
    progress = null, error = null, lease_until = ${instant} + $2 * interval '1 ms'
  where id = (select id from next) and status = 'pending' returning id, attempt`

/** $2 lease, $3 id, $4 attempt. */
export const start = `update service_tasks set started_at = ${instant}, lease_until = ${instant} + $2 * interval '1 ms'
  where id = $3 and attempt = $4 and status = 'processing' and started_at is null and not cancel_requested
  returning ${columns}`

/** $2 lease, $3 id, $4 attempt, $5 progress or null. */
export const beat = `update service_tasks
  set lease_until = ${instant} + $2 * interval '1 ms', progress = coalesce($5::jsonb, progress)
  where id = $3 and attempt = $4 and status = 'processing' and started_at is not null returning cancel_requested`

/** $2 id, $3 attempt, $4 how it ended, $5 result, $6 error, $7 milliseconds until it may be tried again, $8 progress. */
export const finish = `with ending as (
    select id, case
      when cancel_requested then 'cancelled'
      when $4 = 'completed' then 'completed'
      when $4 = 'returned' then 'pending'
      when $7::float8 is null or tries >= max_tries then 'dead'
      else 'delayed' end as becomes
    from service_tasks where id = $2 and attempt = $3 and status = 'processing' for update
  )
  update service_tasks t set status = becomes, lease_until = null, cancel_requested = false,
    tries = t.tries - (case when becomes = 'pending' then 1 else 0 end),
    result = case when becomes = 'completed' then $5::jsonb end,
    error = case when becomes in ('dead', 'delayed') then $6 end,
    due_at = case when becomes = 'delayed' then ${instant} + $7::float8 * interval '1 ms' end,
    ended_at = case when becomes in ('completed', 'dead', 'cancelled') then ${instant} end,
    progress = coalesce($8::jsonb, progress)
  from ending where t.id = ending.id returning becomes`

/** $2 id: a run that was begun goes on until it hears of it. */
export const cancel = `update service_tasks set
    cancel_requested = status = 'processing' and started_at is not null,
    status = case when status = 'processing' and started_at is not null then status else 'cancelled' end,
    ended_at = case when status = 'processing' and started_at is not null then null else ${instant} end,
    due_at = null, lease_until = case when status = 'processing' and started_at is not null then lease_until end
  where id = $2 and status in ('pending', 'delayed', 'processing')`

/** $1 id. */
export const retry = `update service_tasks set status = 'pending', tries = 0, ended_at = null, error = null, progress = null
  where id = $1 and status = 'dead' returning user_id`

/** Whether a sweep would find anything. $2 milliseconds that ended tasks are kept, $3 dead ones. */
export const needsSweep = `select exists (select from service_tasks where status = 'delayed' and due_at <= ${instant})
  or exists (select from service_tasks where status = 'processing' and lease_until <= ${instant})
  or exists (select from service_tasks where ${keptLongEnough}) as needed`

/** Tasks that are due to be tried again. */
export const promote = `update service_tasks set status = 'pending', due_at = null
  where status = 'delayed' and due_at <= ${instant}`

/** $2 the error of those that have no tries left. Takes tasks from workers that were not heard of. */
export const recover = `with ending as (
    select id, case when cancel_requested then 'cancelled' when tries >= max_tries then 'dead' else 'pending' end as becomes
    from service_tasks where status = 'processing' and started_at is not null and lease_until <= ${instant} for update
  )
  update service_tasks t set status = becomes, lease_until = null, cancel_requested = false,
    error = case when becomes = 'dead' then $2 end,
    ended_at = case when becomes <> 'pending' then ${instant} end
  from ending where t.id = ending.id`

/** $2 lease: tasks that were let through and begun by nobody. */
export const undelivered = `update service_tasks set lease_until = ${instant} + $2 * interval '1 ms'
  where status = 'processing' and started_at is null and lease_until <= ${instant} returning id, attempt`

/** $2 milliseconds that ended tasks are kept, $3 dead ones, $4 how many may go. */
export const forget = `delete from service_tasks where id in (
    select id from service_tasks where ${keptLongEnough} order by ended_at limit $4)`

/** Batches and users without tasks. */
export const forgetEmpty = [
  `delete from service_task_batches b where not exists (select from service_tasks where batch_id = b.id)`,
  `delete from service_task_users u where not exists (select from service_tasks t where t.user_id = u.user_id)`,
]

/** $1 id. */
export const find = `select ${columns} from service_tasks where id = $1`

/** $1 user or null, $2 status or null, $3 place or null, $4 limit. */
export const list = `select ${columns} from service_tasks
  where ($1::text is null or user_id = $1) and ($2::text is null or status = $2) and ($3::bigint is null or seq < $3)
  order by seq desc limit $4`

/** $1 batch: its row, and one row for each of its tasks. */
export const batch = `select b.id, b.user_id, ${millis('b.created_at')} as created_at, t.id as task, t.status
  from service_task_batches b join service_tasks t on t.batch_id = b.id where b.id = $1 order by t.seq`

/** $1 user or null. */
export const counts = `select status, count(*) as count from service_tasks
  where ($1::text is null or user_id = $1) group by status`

/** Milliseconds that the first pending task has waited. */
export const oldestWait = `select (extract(epoch from ${instant} - greatest(created_at, started_at)) * 1000)::float8 as wait
  from service_tasks where status = 'pending' order by seq limit 1`

/** Users who have tasks that wait or run. */
export const queues = `select user_id, status, count(*) as count from service_tasks where user_id in (
    select distinct user_id from service_tasks where status in ('pending', 'delayed', 'processing') order by 1 limit 1000
  ) group by user_id, status order by user_id`

/** $1 channel, $2 message. */
export const notify = `select pg_notify($1, $2)`
