// What vitest runs once before all tests: a template for the embedded databases that they begin, some two hundred, made
// once for each version of PGlite. `openPglite` finds it in the environment, and so do processes that tests start.
import { existsSync, readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

import { writePgliteTemplate } from '../packages/database/src/index.ts'
import { root } from './root.mjs'

/** The version of PGlite that the tests use. */
function versionOfPglite() {
  const require = createRequire(join(root, 'packages', 'database', 'package.json'))
  const entry = require.resolve('@electric-sql/pglite')
  /** @type {{ version: string }} */
  const { version } = JSON.parse(readFileSync(join(dirname(entry), '..', 'package.json'), 'utf8'))
  return version
}

export default async function setup() {
  const folder = join(root, 'node_modules', '.cache', 'reprise')
  const template = join(folder, `pglite-${versionOfPglite()}.tar`)
  if (!existsSync(template)) {
    await mkdir(folder, { recursive: true })
    await writePgliteTemplate(template)
  }
  process.env['REPRISE_PGLITE_TEMPLATE'] = template
}
