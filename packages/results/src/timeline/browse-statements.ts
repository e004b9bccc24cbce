/** $1 setting, $2 value: what the policies go by, for this transaction. */
export const name = `select set_config($1, $2, true)`

/** $1 the name that all are after, $2 now, $3 limit, $4 the only one or null, $5 a session or null: sites with living sessions, or with living ones of that id. */
export const sites = `select site, count(*) as sessions from timeline_sessions
  where site > $1 and expires_at > $2 and ($4::text is null or site = $4)
    and ($5::text is null or session = $5) group by site order by site limit $3`

/** $1 site, $2 now, $3 the id that all are below, $4 limit, $5 an id or null: living sessions, the last begun first. */
export const sessions = `select id, session, scene, version, bytes, expires_at from timeline_sessions
  where site = $1 and expires_at > $2 and id < $3 and ($5::text is null or session = $5)
  order by id desc limit $4`

const event = `sequence, category, resource, at, model, strategy, payload::text as payload`
const ofSession = `session_id = (
    select id from timeline_sessions where site = $1 and session = $2 and scene = $3 and expires_at > $4
  ) and ($5::text is null or category = $5) and ($6::text is null or resource = $6)`

/** $1 site, $2 session, $3 scene, $4 now, $5 category or null, $6 resource or null, $7 the number that all are below, $8 limit. */
export const events = `select ${event} from timeline_events
  where ${ofSession} and sequence < $7 order by sequence desc limit $8`

/** As `events`: of each category and resource only the latest. */
export const latest = `select ${event} from timeline_events where (session_id, category, sequence) in (
    select session_id, category, max(sequence) from timeline_events
    where ${ofSession} group by session_id, category, resource
  ) and sequence < $7 order by sequence desc limit $8`
