// What vitest runs once before all tests: makes what many of them need and would each make anew. They find it in the
// environment, and hand it to the processes that they start.
//   REPRISE_PGLITE_TEMPLATE  what embedded databases begin from, some two hundred of them
//   REPRISE_TEST_PROGRAMS    a folder with each program below as one file: to read and compile hundreds of sources takes
//                            a process three times as long
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

import { writePgliteTemplate } from '../packages/database/src/index.ts'
import { bundlePrograms } from './bundle.mjs'
import { root } from './root.mjs'

const programs = {
  assistant: 'apps/assistant/src/main.ts',
  'cache-worker': 'packages/cache/test/processes/worker.ts',
  'crowded-service': 'packages/service/test/crowded-service.ts',
  'task-worker': 'packages/service/test/tasks/processes/worker.ts',
  // What the assistant forks, by the name it looks for beside itself.
  main: 'apps/assistant/src/travel-api/main.ts',
}
const folder = join(root, 'node_modules', '.cache', 'reprise')

/** The file of the template, made once for each version of PGlite. */
async function template() {
  const require = createRequire(join(root, 'packages', 'database', 'package.json'))
  const entry = require.resolve('@electric-sql/pglite')
  /** @type {{ version: string }} */
  const { version } = JSON.parse(readFileSync(join(dirname(entry), '..', 'package.json'), 'utf8'))
  const file = join(folder, `pglite-${version}.tar`)
  if (!existsSync(file)) await writePgliteTemplate(file)
  return file
}

export default async function setup() {
  await mkdir(folder, { recursive: true })
  const outdir = mkdtempSync(join(folder, 'programs-'))
  process.env['REPRISE_PGLITE_TEMPLATE'] = await template()
  process.env['REPRISE_TEST_PROGRAMS'] = outdir
  writeFileSync(join(outdir, 'package.json'), '{ "type": "module" }')
  await bundlePrograms(programs, outdir)
  return () => rmSync(outdir, { recursive: true, force: true })
}
