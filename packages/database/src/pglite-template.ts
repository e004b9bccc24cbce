import { readFile, rename, writeFile } from 'node:fs/promises'
import { DatabaseError } from './errors.ts'

/**
 * Writes a template for `openPglite`: a database as PostgreSQL's first set-up leaves it, about 40 MB, good for this
 * version of PGlite. Where many databases begin (tests, previews), each is there three to seven times sooner. The file
 * appears whole or not at all. Throws what the file system throws.
 */
export async function writePgliteTemplate(file: string): Promise<void> {
  const { PGlite } = await import('@electric-sql/pglite')
  const pglite = await PGlite.create()
  try {
    const dump = await pglite.dumpDataDir('none')
    const unfinished = `${file}.${process.pid}`
    await writeFile(unfinished, new Uint8Array(await dump.arrayBuffer()))
    await rename(unfinished, file)
  } finally {
    await pglite.close()
  }
}

/** Reads a template. Throws E_DATABASE_OPTION, which names the file, when it cannot be read. */
export async function readTemplate(file: string): Promise<Blob> {
  try {
    return new Blob([await readFile(file)])
  } catch (error) {
    throw new DatabaseError(
      'E_DATABASE_OPTION',
      `The template ${JSON.stringify(file)} cannot be read (${error instanceof Error ? error.message : String(error)}): ` +
        'make it with writePgliteTemplate, or unset REPRISE_PGLITE_TEMPLATE',
      { cause: error },
    )
  }
}
