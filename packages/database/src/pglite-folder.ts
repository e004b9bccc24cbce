import type { PGlite } from '@electric-sql/pglite'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseError } from './errors.ts'
import { lockFolder } from './folder-lock.ts'
import { readTemplate } from './pglite-template.ts'
import type { PgliteExtensions } from './settings.ts'
import { readDriverError } from './statement-error.ts'

/** A started PGlite and the function that gives its folder back once it is closed. */
export interface StartedPglite {
  readonly pglite: PGlite
  readonly release: () => void
}

/** Where the database is, and what it begins as when it is not there yet. */
export interface PglitePlace {
  /** The folder, or undefined for memory. */
  readonly dataDir: string | undefined
  /** The file of a template (`readTemplate`), or undefined for PostgreSQL's own first set-up. */
  readonly template: string | undefined
  readonly extensions: PgliteExtensions
}

/**
 * Starts PGlite in memory or in `dataDir`, which then holds `lock.N` and `cluster`, PostgreSQL's own files.
 * Throws E_DATABASE_LOCKED, E_DATABASE_OPTION when the template cannot be read, or E_DATABASE_UNREACHABLE when the
 * folder cannot be made or its files cannot be read.
 */
export async function startPglite({ dataDir, template, extensions }: PglitePlace): Promise<StartedPglite> {
  const { PGlite } = await import('@electric-sql/pglite')
  if (dataDir === undefined) {
    const pglite = await PGlite.create({ extensions, ...(await beginning(template)) })
    return { pglite, release: () => undefined }
  }
  const release = await preparing(dataDir, async () => {
    await mkdir(dataDir, { recursive: true })
    return lockFolder(dataDir)
  })
  try {
    const pglite = await preparing(dataDir, async () => {
      const cluster = join(dataDir, 'cluster')
      if (!existsSync(cluster)) await createCluster(PGlite, cluster, template)
      return PGlite.create(cluster, { extensions })
    })
    return { pglite, release }
  } catch (error) {
    release()
    throw error
  }
}

// Made aside and renamed, because a first start that is killed half-way would leave files that never open.
async function createCluster(
  engine: typeof PGlite,
  cluster: string,
  template: string | undefined,
): Promise<void> {
  const unfinished = `${cluster}.new`
  await rm(unfinished, { recursive: true, force: true })
  const pglite = await engine.create({ dataDir: unfinished, ...(await beginning(template)) })
  await pglite.close()
  await rename(unfinished, cluster)
}

async function beginning(template: string | undefined): Promise<{ loadDataDir?: Blob }> {
  return template === undefined ? {} : { loadDataDir: await readTemplate(template) }
}

async function preparing<T>(dataDir: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step()
  } catch (error) {
    if (DatabaseError.is(error)) throw error
    const details = readDriverError(error)
    throw new DatabaseError(
      'E_DATABASE_UNREACHABLE',
      `The PGlite folder ${dataDir} cannot be opened (${details.message}): ` +
        'check that it is a folder this user may write, or restore it from a backup',
      details,
    )
  }
}
