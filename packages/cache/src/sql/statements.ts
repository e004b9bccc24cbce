/** Makes the tier's table; safe to run in several processes at once. Times are milliseconds since 1970; a null expiry is never. */
export const createEntries = (table: string): string => `
  CREATE TABLE IF NOT EXISTS ${table} (
    key text COLLATE "C" PRIMARY KEY,
    frame bytea,
    document text,
    sidecar text,
    bytes integer NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint,
    CHECK ((frame IS NULL) <> (document IS NULL))
  )`

export const createEntriesIndex = (table: string): string =>
  `CREATE INDEX IF NOT EXISTS ${table}_expires_at ON ${table} (expires_at) WHERE expires_at IS NOT NULL`

/** An array, and not a join with the keys: for that the planner would read all of a table of some thousand rows. */
const among = `= ANY (ARRAY (SELECT jsonb_array_elements_text($1::jsonb)))`

export const readEntries = (table: string): string => `
  SELECT key, frame, document, sidecar, created_at, expires_at FROM ${table}
  WHERE key ${among} AND (expires_at IS NULL OR expires_at > $2)`

/** Seven parameters a row. */
export const writeEntries = (table: string, rows: number): string => {
  const values = Array.from({ length: rows }, (_, row) => {
    const at = row * 7
    return `($${at + 1}::text, $${at + 2}::bytea, $${at + 3}::text, $${at + 4}::text, $${at + 5}::integer, $${at + 6}::bigint, $${at + 7}::bigint)`
  })
  return `
    INSERT INTO ${table} (key, frame, document, sidecar, bytes, created_at, expires_at) VALUES ${values.join(', ')}
    ON CONFLICT (key) DO UPDATE SET frame = EXCLUDED.frame, document = EXCLUDED.document, sidecar = EXCLUDED.sidecar,
      bytes = EXCLUDED.bytes, created_at = EXCLUDED.created_at, expires_at = EXCLUDED.expires_at`
}

export const removeEntries = (table: string): string =>
  `DELETE FROM ${table} WHERE key ${among} RETURNING key, expires_at`

/**
 * The rows from `$1` on that come after `$2`, as one text: PGlite takes longer to hand rows over than to find them.
 * Expired ones and those past the prefix are left to the caller: a table that was never analyzed, as in PGlite, has so
 * few others by the planner's guess that it would sort all of it for each page.
 */
export const listEntries = (table: string): string => `
  SELECT coalesce(json_agg(json_build_array(key, bytes, created_at, expires_at)), '[]')::text AS items FROM (
    SELECT key, bytes, created_at, expires_at FROM ${table} WHERE key >= $1 AND key > $2 ORDER BY key LIMIT $3
  ) AS page`

export const sweepEntries = (table: string): string => `
  DELETE FROM ${table} WHERE key IN (
    SELECT key FROM ${table} WHERE expires_at IS NOT NULL AND expires_at <= $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED
  ) RETURNING 1`

export const usageOfEntries = (table: string): string => `
  SELECT count(*) AS entries, coalesce(sum(bytes), 0) AS bytes FROM ${table}
  WHERE starts_with(key, $1::text) AND key >= $1::text COLLATE "C" AND (expires_at IS NULL OR expires_at > $2)`

export const createLog = (table: string): string => `
  CREATE TABLE IF NOT EXISTS ${table} (catalog text PRIMARY KEY, era text NOT NULL, n bigint NOT NULL, floor bigint NOT NULL)`

export const createMarks = (table: string): string => `
  CREATE TABLE IF NOT EXISTS ${table}_marks (catalog text NOT NULL, mark text NOT NULL, n bigint NOT NULL, PRIMARY KEY (catalog, mark))`

export const beginLog = (table: string): string =>
  `INSERT INTO ${table} (catalog, era, n, floor) VALUES ($1, $2, 0, 0) ON CONFLICT (catalog) DO NOTHING`

export const readLog = (table: string): string => `SELECT era, n, floor FROM ${table} WHERE catalog = $1`

export const readMarks = (table: string): string =>
  `SELECT mark, n FROM ${table}_marks WHERE catalog = $1 ORDER BY n`

/** One statement, so that the number and its marks are written together or not at all. */
export const appendMarks = (table: string): string => `
  WITH head AS (UPDATE ${table} SET n = n + 1 WHERE catalog = $1 RETURNING era, n),
  written AS (
    INSERT INTO ${table}_marks (catalog, mark, n)
    SELECT $1, mark, head.n FROM head, jsonb_array_elements_text($2::jsonb) AS mark
    ON CONFLICT (catalog, mark) DO UPDATE SET n = greatest(${table}_marks.n, EXCLUDED.n)
    RETURNING 1
  )
  SELECT era, n, (SELECT count(*) FROM written) AS marks FROM head`

export const pruneMarks = (table: string): string => `
  WITH pruned AS (DELETE FROM ${table}_marks WHERE catalog = $1 AND n <= $2)
  UPDATE ${table} SET floor = greatest(floor, $2) WHERE catalog = $1`
