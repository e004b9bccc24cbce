import { type Database, type MigrateOptions, type MigrateResult, migrate } from '@reprise/database'

/** Brings the assistant's tables up to date; its files are numbered on their own, as the set `assistant`. Throws as `migrate` does. */
export function migrateAssistant(
  database: Database,
  options: Pick<MigrateOptions, 'onApplied'> = {},
): Promise<MigrateResult> {
  return migrate(database, {
    ...options,
    directory: new URL('../../migrations/', import.meta.url),
    set: 'assistant',
  })
}
