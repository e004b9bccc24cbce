import { columns } from './statements.ts'

/** A result whose life is over is expired, whether it has been marked yet or not. */
const status = `case when status = 'valid' and expires_at <= coalesce($2::timestamptz, now()) then 'expired' else status end`

const shown = columns.replace('status', `${status} as status`)

// The lateral join makes `set_config` come before the scan, whose policy asks for the setting.
const within = `from set_config('reprise.site', $1, true) as scope (site), lateral`

/** $1 site, $2 instant, $3 type or null, $4 target or null, $5 status or null, $6 the id that all are below, $7 limit. */
export const list = `select found.* ${within} (
    select ${shown} from results
    where site = scope.site and ($3::text is null or type = $3) and ($4::text is null or target = $4)
      and ($5::text is null or (${status}) = $5) and id < $6
    order by id desc limit $7
  ) as found order by id desc`

/** $1 site, $2 instant, $3 id: one row with its value. */
export const read = `select found.* ${within} (
    select ${shown}, value from results where site = scope.site and id = $3
  ) as found`

/** $1 site, $2 instant: a row for each type and state. */
export const count = `select found.* ${within} (
    select type, ${status} as status, count(*) as results, min(created_at) as oldest, max(created_at) as newest,
      count(*) filter (where status = 'generating' and lease_until <= coalesce($2::timestamptz, now())) as stuck
    from results where site = scope.site group by 1, 2
  ) as found order by type`

/** $1 site, $2 type, $3 the highest number that a trim removes. */
export const surplus = `select found.* ${within} (
    select count(*) as results from results
    where site = scope.site and type = $2 and not head and status <> 'generating' and number <= $3
  ) as found`

/** $1 site: the types that it has, each with the highest number given. */
export const shelves = `select found.* ${within} (
    select type, last_number from result_shelves where site = scope.site
  ) as found order by type`

/** $1 '*', $2 the name that all are after, $3 limit. */
export const sites = `select found.* ${within} (
    select distinct site from result_shelves where scope.site = '*' and site > $2 order by site limit $3
  ) as found order by site`

/** $1 instant: generators of every site whose lease is over. */
export const stuck = `select stuck_results($1::timestamptz) as results`
