// The list of processes and how far each has applied the log of invalidations.

/** Says how far $1 is and what it counted, and forgets who was silent for long. */
export const say = `
  with silent as (delete from service_processes where seen_at < now() - interval '5 minutes' and instance <> $1)
  insert into service_processes (instance, process, log_era, log_n, figures) values ($1, $2, $3, $4, $5::json)
  on conflict (instance) do update
    set log_era = excluded.log_era, log_n = excluded.log_n, figures = excluded.figures,
      seen_at = excluded.seen_at`

export const others = `
  select process, log_era, log_n::float8 as log_n, seen_at, figures,
    (extract(epoch from now() - seen_at) * 1000)::float8 as quiet
  from service_processes where instance <> $1 and seen_at >= now() - interval '5 minutes'
  order by process, instance limit 200`

export const leave = `delete from service_processes where instance = $1`
