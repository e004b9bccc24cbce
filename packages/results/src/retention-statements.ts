/** The shelves of every site; a policy of their own shows them to the scope `*`. */
export const listShelves = `select shelf.site, shelf.type
  from set_config('reprise.site', '*', true) as scope (site),
    lateral (select site, type from result_shelves where scope.site = '*' offset 0) as shelf
  order by 1, 2`

/** $1 site, $2 type, $3 now, $4 limit: valid results that are over. */
export const expire = `update results set status = 'expired', head = false
  where site = $1 and id = any (array(
    select id from results where site = $1 and type = $2 and status = 'valid' and expires_at <= $3
    order by expires_at limit $4
  )) returning target`

/** $1 site, $2 type, $3 now, $4 limit, $5 why: generators whose lease is over. */
export const failDead = `update results set status = 'failed', failure = $5, abandoned = true, lease_until = null
  where site = $1 and id = any (array(
    select id from results where site = $1 and type = $2 and status = 'generating' and lease_until <= $3 limit $4
  )) returning id`

const remove = `, labels as (
    delete from result_labels where result = any ((select array(select id from doomed))::bigint[])
  )
  delete from results where site = $1 and id = any ((select array(select id from doomed))::bigint[])`

/** $1 site, $2 type, $3 the highest number that goes, $4 limit. One range of the index of what may be deleted. */
export const trimCount = `with doomed as materialized (
    select id from results
    where site = $1 and type = $2 and not head and status <> 'generating' and number <= $3
    order by number limit $4
  )${remove}`

/** $1 site, $2 type, $3 the instant before which a result is too old, $4 limit. Looks at the $4 oldest, no more. */
export const trimAge = `with oldest as materialized (
    select id, created_at from results
    where site = $1 and type = $2 and not head and status <> 'generating'
    order by number limit $4
  ), doomed as materialized (select id from oldest where created_at < $3)${remove}`

/** $1 site, $2 the instant before which: invalidations that no generation under way can still meet. */
export const forgetInvalidations = `delete from result_invalidations where site = $1 and at < $2 and id <= (
    select coalesce(min(begun_after), 9223372036854775807) from results where site = $1 and status = 'generating'
  )`

/** Who is connected, and whether row-level security does not bind that role. */
export const role = `select current_user as role, rolsuper or rolbypassrls as free from pg_roles where rolname = current_user`
