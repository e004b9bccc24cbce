import type { Database } from '@reprise/database'
import { type Seed, readSeed } from './files.ts'
import { seedItems } from './items.ts'
import { type SeededTable, seedStatements } from './statements.ts'

/** What seeding did to one table: rows inserted now, of all the seed has. */
export interface SeedProgress {
  readonly table: SeededTable
  readonly inserted: number
  readonly total: number
}

/** Options of `loadSeed`. */
export interface SeedOptions {
  /** Told of each table when it is done. */
  readonly onProgress?: (progress: SeedProgress) => void
  /** What to insert. @default the files of `seed/` */
  readonly seed?: Seed
}

/**
 * Inserts what the seed has and this database was never offered, all or nothing, and returns how many rows that
 * were. A row that an operator changed is left alone, and one that he removed does not come back. Processes that
 * start at once insert each row once. The tables must be there: see `migrateAssistant`.
 * @throws Error naming the seed file and field that is wrong; E_DATABASE_QUERY
 */
export async function loadSeed(database: Database, options: SeedOptions = {}): Promise<number> {
  const items = seedItems(options.seed ?? (await readSeed()))
  const done = await database.transaction(async (transaction) => {
    const progress: SeedProgress[] = []
    for (const table of Object.keys(seedStatements) as SeededTable[]) {
      const ranked = items[table].map((item, rank) => ({ ...item, rank }))
      const { rowCount } = await transaction.query(seedStatements[table], [JSON.stringify(ranked)])
      progress.push({ table, inserted: rowCount, total: ranked.length })
    }
    return progress
  })
  for (const progress of done) options.onProgress?.(progress)
  return done.reduce((sum, { inserted }) => sum + inserted, 0)
}
