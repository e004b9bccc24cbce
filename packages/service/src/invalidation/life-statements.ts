/** A table that is a log of invalidations and their outbox: `id` in its order, and the columns of the carrier's states. */
export interface InvalidationLogTable {
  /** Its name, a-z, 0-9 and _. */
  readonly name: string
  /** Heard when there is a new row. */
  readonly channel: string
  /** What a claimed row gives, as a list of SQL: `invalidation_id`, `keys`, `tags`, `attempts` at least. */
  readonly columns: string
}

/**
 * The statements that take the rows of such a table through their life: pending, processing, completed or failed. The
 * table has `id`, `invalidation_id`, `status`, `attempts`, `error`, `next_attempt_at`, `claimed_at`, `completed_at`, and
 * `log_era` and `log_n`, where the cache's log stood once it was carried out.
 * @throws TypeError for a name that is no identifier
 */
export function lifeStatements({ name, columns }: Pick<InvalidationLogTable, 'name' | 'columns'>) {
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(name))
    throw new TypeError(`The table of invalidations is ${JSON.stringify(name)}: use a-z, 0-9 and _`)
  return {
    /**
     * Claims rows that are due, and those that were claimed longer than $1 ago by a process that died; at most $2. Whoever
     * takes a row works on it alone. Order does not matter: each attempt deletes, and the next read loads.
     */
    claim: `
      update ${name} set status = 'processing', claimed_at = now(), attempts = attempts + 1
      where id in (
        select id from ${name}
        where (status = 'pending' and next_attempt_at <= now())
          or (status = 'processing' and claimed_at <= now() - $1::interval)
        order by id limit $2 for update skip locked)
      returning ${columns}`,
    /** Completes row $1, which is in the log at $2 and $3. */
    complete: `
      update ${name} set status = 'completed', completed_at = now(), error = null, log_era = $2, log_n = $3
      where invalidation_id = $1 and status = 'processing'`,
    /** Gives row $1 back with the error $2, to be tried in $3. */
    postpone: `
      update ${name} set status = 'pending', error = $2, next_attempt_at = now() + $3::interval
      where invalidation_id = $1 and status = 'processing'`,
    /** Gives row $1 up with the error $2. */
    fail: `
      update ${name} set status = 'failed', error = $2
      where invalidation_id = $1 and status = 'processing'`,
    retry: `
      update ${name} set status = 'pending', next_attempt_at = now()
      where invalidation_id = $1 and status = 'failed' returning id`,
    /** Milliseconds until the next row is due, a claim living $1; null without one. */
    nextDue: `
      select (extract(epoch from min(
        case when status = 'pending' then next_attempt_at else claimed_at + $1::interval end) - now()) * 1000)::float8 as due
      from ${name} where status in ('pending', 'processing')`,
  }
}
