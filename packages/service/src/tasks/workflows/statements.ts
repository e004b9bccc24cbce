const columns = `version, document, replaces`

/** $1 name: no other version of it is saved or made active until the transaction ends. */
export const lockDocument = `select pg_advisory_xact_lock(hashtextextended('reprise document ' || $1, 0))`

/** $1 name, $2 task. */
export const findByTask = `select ${columns} from service_documents where name = $1 and task = $2`

/** $1 name. */
export const active = `select ${columns} from service_documents where name = $1 and active`

/** $1 name, $2 the version that may stay active, or null. */
export const deactivate = `update service_documents set active = false
  where name = $1 and active and version is distinct from $2::integer`

/** $1 name, $2 version. */
export const activate = `update service_documents set active = true where name = $1 and version = $2 returning ${columns}`

/** $1 name, $2 document, $3 the version that it replaces, $4 task, $5 username. */
export const save = `insert into service_documents (name, version, document, active, replaces, task, username)
  select $1, coalesce(max(version), 0) + 1, $2::jsonb, true, $3::integer, $4, $5 from service_documents where name = $1
  returning ${columns}`

/** $1 name, $2 version, $3 changed, $4 statistics. */
export const noteSync = `insert into service_document_syncs (name, synced_at, version, changed, statistics, failures)
  values ($1, now(), $2, $3, $4::jsonb, 0)
  on conflict (name) do update set synced_at = now(), version = $2, changed = $3, statistics = $4::jsonb, failures = 0,
    error = null`

/** $1 name, $2 error. */
export const noteFailure = `insert into service_document_syncs (name, synced_at, changed, statistics, failures, error)
  values ($1, now(), false, '{}', 1, $2)
  on conflict (name) do update set failures = service_document_syncs.failures + 1, error = $2`

/** $1 names: the version in use of each. */
export const inUse = `select name, version from service_documents where active and name = any ($1::text[])`

const listed = `version, active, replaces, username, task, created_at`

/** $1 name, $2 the number that all are below, $3 limit. */
export const versions = `select ${listed} from service_documents where name = $1 and version < $2::bigint
  order by version desc limit $3`

/** $1 name, $2 version, or 0 for the one in use. */
export const version = `select ${listed}, document from service_documents
  where name = $1 and (version = $2::integer or ($2::integer = 0 and active))`
