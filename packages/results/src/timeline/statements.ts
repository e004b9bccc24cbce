/** Names the site whose rows the transaction works on; row-level security shows it no others. */
export const nameSite = `select set_config('reprise.site', $1, true)`

/** Names the instant whose expired sessions the transaction may remove, of every site. */
export const nameSweep = `select set_config('reprise.sweep_before', $1, true)`

/** Finds the session or makes it, and keeps others from changing it until the transaction ends. */
export const lockSession = `
  insert into timeline_sessions (site, session, scene, expires_at) values ($1, $2, $3, $4)
  on conflict (site, session, scene) do update set expires_at = timeline_sessions.expires_at
  returning id, version, bytes, expires_at`

/** Empties a session that has expired and is begun again. */
export const emptySession = `delete from timeline_events where session_id = $1`

/** Numbers and adds the events, which are parallel arrays, in their order. */
export const addEvents = `
  insert into timeline_events (session_id, site, at, sequence, category, resource, model, strategy, payload)
  select $1, $2, $3, nextval('timeline_sequence'), category, resource, model, strategy, payload::json
  from (
    select * from unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
      with ordinality as event (category, resource, model, strategy, payload, place) order by place
  ) as event
  returning sequence`

/** Removes what is over the limit $3 in these categories, the oldest first, but nothing that is a resource's latest. */
export const trimEvents = `
  with over as (
    select category, count(*) - $3::bigint as surplus from timeline_events
    where session_id = $1 and category = any ($2::text[]) group by category having count(*) > $3::bigint
  ), trimmed as (
    select old.category, old.sequence from over cross join lateral (
      select event.category, event.sequence from timeline_events as event
      where event.session_id = $1 and event.category = over.category and exists (
        select from timeline_events as newer where newer.session_id = $1 and newer.category = event.category
          and newer.resource = event.resource and newer.sequence > event.sequence
      )
      order by event.sequence limit over.surplus
    ) as old
  )
  delete from timeline_events as event using trimmed
  where event.session_id = $1 and event.category = trimmed.category and event.sequence = trimmed.sequence
  returning event.sequence, octet_length(event.payload::text) as bytes`

/** Takes note of a change of a locked session: its version, size and end. */
export const moveSession = `
  update timeline_sessions set version = $2, bytes = $3, expires_at = greatest(expires_at, $4::bigint)
  where id = $1 returning expires_at`

/** Slides the end of a session that is not over. */
export const slideSession = `
  update timeline_sessions set expires_at = greatest(expires_at, $5::bigint)
  where site = $1 and session = $2 and scene = $3 and expires_at > $4
  returning version, expires_at`

/** The head of a session that is not over, as first columns of every answer: both are of one moment. */
const head = `session.version, session.expires_at`
const event = `event.sequence, event.category, event.resource, event.at, event.model, event.strategy,
    event.payload::text as payload`
const live = `session.site = $1 and session.session = $2 and session.scene = $3 and session.expires_at > $4`

/** The newest $6 events of a category after a number, the newest first; one row without an event when there is none. */
export const readTimeline = `
  select ${head}, ${event} from timeline_sessions as session left join lateral (
    select * from timeline_events where session_id = session.id and category = $5 and sequence > $7
    order by sequence desc limit $6
  ) as event on true where ${live} order by event.sequence desc`

/** The latest event of each category and resource asked for, null standing for any resource; a row for each. */
export const readLatest = `
  select ${head}, ${event} from timeline_sessions as session
  cross join unnest($5::text[], $6::text[]) with ordinality as asked (category, resource, place)
  left join lateral (
    (select * from timeline_events where asked.resource is not null and session_id = session.id
      and category = asked.category and resource = asked.resource order by sequence desc limit 1)
    union all
    (select * from timeline_events where asked.resource is null and session_id = session.id
      and category = asked.category order by sequence desc limit 1)
  ) as event on true where ${live} order by asked.place`

/** The number and time of the latest event of every category of every resource. */
export const readResources = `
  select ${head}, event.* from timeline_sessions as session left join lateral (
    select distinct on (category, resource) category, resource, sequence, at from timeline_events
    where session_id = session.id order by category, resource, sequence desc
  ) as event on true where ${live}`

/** Every event of a session of at most $5 bytes, the oldest first. */
export const readSession = `
  select ${head}, ${event} from timeline_sessions as session
  left join timeline_events as event on event.session_id = session.id
  where ${live} and session.bytes <= $5 order by event.sequence`

/** Ends sessions: of one scene, or of every scene when it is null. */
export const removeSessions = `
  delete from timeline_sessions where site = $1 and session = $2 and ($3::text is null or scene = $3)
  returning scene, expires_at`

/** Locks a session that is not over. */
export const findSession = `
  select id, version, bytes, expires_at from timeline_sessions
  where site = $1 and session = $2 and scene = $3 and expires_at > $4 for update`

/** Removes the events of a resource in every category. */
export const removeResource = `
  delete from timeline_events where session_id = $1 and resource = $2
  returning octet_length(payload::text) as bytes`

/** The next number of the sequence. */
export const nextNumber = `select nextval('timeline_sequence') as number`

/** Removes some of the sessions that have expired, leaving alone what others are at. */
export const sweepSessions = `
  delete from timeline_sessions where id in (
    select id from timeline_sessions where expires_at <= $1 order by expires_at limit $2 for update skip locked
  )`
