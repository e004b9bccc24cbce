import { type Database, openDatabase } from '@reprise/database'
import { loadSeed } from '../src/seed/load.ts'
import { migrateAssistant } from '../src/seed/migrations.ts'

/** A database in memory with the assistant's tables and its seed. */
export async function openSeeded(): Promise<Database> {
  const database = await openDatabase()
  await migrateAssistant(database)
  await loadSeed(database)
  return database
}
