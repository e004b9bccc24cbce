import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Edit } from './mutants.ts'
import type { Found } from './mutants-hunt.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const source = fileURLToPath(new URL('../src', import.meta.url))
/** Inside `node_modules`, so that imports of packages resolve and no tool looks at it. */
const root = fileURLToPath(new URL(`../node_modules/.mutants/${process.pid}`, import.meta.url))

/** Copies the sources with some places changed; returns the folder. @throws when a place is not there exactly once */
export function copySources(name: string, edits: readonly Edit[]): string {
  const folder = `${root}/${name.replaceAll(/[^a-z0-9]+/gi, '-')}`
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  cpSync(source, `${folder}/src`, { recursive: true })
  writeFileSync(`${folder}/package.json`, '{ "type": "module" }')
  for (const { file, from, to } of edits) {
    const path = `${folder}/src/${file}`
    const parts = readFileSync(path, 'utf8').split(from)
    if (parts.length !== 2)
      throw new Error(`${file} has ${parts.length - 1} times, not once: ${from}; bring the mutant up to date`)
    writeFileSync(path, parts.join(to))
  }
  return folder
}

/** Removes the copies of this process. */
export function removeCopies(): void {
  rmSync(root, { recursive: true, force: true })
}

/** Runs schedules of a copy in a process of its own until one breaks. */
export async function hunt(folder: string, seeds: readonly number[], more: number): Promise<Found> {
  const program = `${here}mutants-hunt.ts`
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      '--conditions=@reprise/source',
      '--import',
      'tsx',
      program,
      `${folder}/src`,
      seeds.join(','),
      String(more),
    ],
    { maxBuffer: 10_000_000 },
  )
  return JSON.parse(stdout) as Found
}
