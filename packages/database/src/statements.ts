/** Settings that make every session write values the way `decoders` reads them, and mean UTC by a bare time. */
export const sessionSettings =
  `set timezone = 'UTC'; set datestyle = 'ISO, MDY'; set intervalstyle = 'postgres'; ` +
  `set bytea_output = 'hex'; set extra_float_digits = 1; set client_encoding = 'UTF8'`

/** Waits until no other process migrates with the table named by $1, until the transaction ends. */
export const lockMigrations = `select pg_advisory_xact_lock(hashtextextended('reprise migrations ' || $1, 0))`

/** The id of the running transaction, which changes if a migration commits it. */
export const transactionId = `select pg_current_xact_id()::text as id`

/** The statements about the table of applied migrations, `table` being a safe identifier. */
export function migrationStatements(table: string) {
  return Object.freeze({
    exists: `select to_regclass('"${table}"') is not null as present`,
    create: `create table "${table}" (
      set_name text not null,
      number integer not null,
      name text not null,
      checksum text not null,
      applied_at timestamptz not null default now(),
      primary key (set_name, number)
    )`,
    list: `select number, name, checksum from "${table}" where set_name = $1 order by number`,
    record: `insert into "${table}" (set_name, number, name, checksum) values ($1, $2, $3, $4)`,
  })
}
