import { access, constants, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Database, openDatabase } from '@reprise/database'
import type { Settings } from '@reprise/service'

/**
 * Opens the database that the settings name: PostgreSQL at `DATABASE_URL`, or PGlite under `DATA_DIR`.
 * @throws Error saying which setting to change: a folder that cannot be used, a database that is away
 */
export async function openStore(settings: Settings, onError: (error: Error) => void): Promise<Database> {
  await useFolder(settings.dataDir)
  if (settings.databaseUrl !== undefined) return openDatabase({ url: settings.databaseUrl, onError })
  const dataDir = join(settings.dataDir, 'database')
  if (settings.gateway?.semantic === undefined) return openDatabase({ dataDir, onError })
  const { vector } = await import('@electric-sql/pglite-pgvector')
  return openDatabase({ dataDir, onError, extensions: { vector } })
}

// Also beside PostgreSQL: the key that signs tokens is kept there.
async function useFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(
      `The data folder ${folder} cannot be used (${reason}): make it writable, or set DATA_DIR to another one`,
      { cause },
    )
  }
}
