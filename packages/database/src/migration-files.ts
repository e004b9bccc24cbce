import { createHash } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DatabaseError } from './errors.ts'

/** One migration file: `0001_name.sql`, its number, its statements, and the sha256 of them in hexadecimal. */
export interface MigrationFile {
  readonly number: number
  readonly name: string
  readonly text: string
  readonly checksum: string
}

/**
 * The `.sql` files of a folder in order, numbered 1, 2, 3, ….
 * Throws E_MIGRATION_GAP for a file out of order or misnamed, E_MIGRATION_FAILED for a folder that cannot be read.
 */
export async function readMigrationFiles(directory: URL | string): Promise<readonly MigrationFile[]> {
  const path = directory instanceof URL ? fileURLToPath(directory) : directory
  const names = await readFolder(path)
  const files = await Promise.all(names.map((name) => readMigrationFile(path, name)))
  const inOrder = files.toSorted((a, b) => a.number - b.number || a.name.localeCompare(b.name))
  for (const [index, file] of inOrder.entries()) {
    if (file.number !== index + 1) {
      const previous = inOrder[index - 1]?.name
      const after = previous === undefined ? 'comes first' : `comes after ${previous}`
      throw gap(path, file.name, `${after} but should be number ${index + 1}: renumber it`)
    }
  }
  return inOrder
}

async function readFolder(path: string): Promise<string[]> {
  let names: string[]
  try {
    names = (await readdir(path)).filter((name) => name.endsWith('.sql'))
  } catch (cause) {
    throw new DatabaseError(
      'E_MIGRATION_FAILED',
      `The migration folder ${path} cannot be read: check the path, and that the package ships its .sql files`,
      { cause },
    )
  }
  if (names.length > 0) return names
  throw gap(path, '0001_*.sql', 'is missing, there is no .sql file: check that the package ships them')
}

async function readMigrationFile(path: string, name: string): Promise<MigrationFile> {
  const match = /^(\d{4,9})_[\w-]+\.sql$/.exec(name)
  if (match === null) throw gap(path, name, 'is not named like 0001_some-name.sql: rename or move it')
  // A checkout with other line endings, or an editor's byte order mark, is not a change.
  const text = (await readFile(join(path, name), 'utf8')).replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
  const checksum = createHash('sha256').update(text).digest('hex')
  return { number: Number(match[1]), name, text, checksum }
}

function gap(path: string, name: string, problem: string): DatabaseError {
  return new DatabaseError('E_MIGRATION_GAP', `Migration ${name} in ${path} ${problem}`)
}
