/** The code blocks of README.md and docs/ compile under the strict settings and run, each as a program of its own. */
import { execFile } from 'node:child_process'
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bundlePrograms } from './bundle.mjs'

const run = promisify(execFile)
const root = dirname(dirname(fileURLToPath(import.meta.url)))
// Inside a package, so that imports resolve as they do for its users.
const folder = join(root, 'apps', 'assistant', 'node_modules', '.docs-blocks')

/** @returns {Promise<{ name: string, program: string, file: string, text: string }[]>} */
async function findBlocks() {
  const docs = await readdir(join(root, 'docs'), { recursive: true })
  const pages = [
    'README.md',
    ...docs.filter((name) => name.endsWith('.md')).map((name) => join('docs', name)),
  ]
  const blocks = []
  for (const page of pages) {
    const text = await readFile(join(root, page), 'utf8')
    let number = 0
    for (const match of text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)) {
      number += 1
      const file = join(folder, `${relative('.', page).replaceAll(/\W/g, '-')}-${number}.ts`)
      blocks.push({
        name: `${page} block ${number}`,
        program: basename(file, '.ts'),
        file,
        text: match[1] ?? '',
      })
    }
  }
  return blocks
}

const blocks = await findBlocks()

describe('code blocks of the docs', () => {
  beforeAll(async () => {
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
    const files = blocks.map(({ file }) => file)
    await Promise.all(blocks.map(({ file, text }) => writeFile(file, text)))
    await writeFile(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ extends: join(root, 'tsconfig.json'), include: [], exclude: [], files }),
    )
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test('there are some', () => {
    expect(blocks.length).toBeGreaterThan(3)
  })

  test('they compile', async () => {
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
    const outcome = await run(process.execPath, [tsc, '--noEmit', '-p', join(folder, 'tsconfig.json')]).catch(
      (error) => error,
    )
    expect(outcome.stdout).toBe('')
  })

  describe('as programs', () => {
    beforeAll(async () => {
      await bundlePrograms(Object.fromEntries(blocks.map(({ program, file }) => [program, file])), folder)
    })

    test.for(blocks)('$name runs', async ({ program }) => {
      await run(process.execPath, [join(folder, `${program}.js`)], { cwd: root })
    })
  })
})
