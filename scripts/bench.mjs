// `npm run bench -- NAME` runs bench/NAME.ts; without a name it lists what there is.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { ensureInstalled } from './install.mjs'
import { root } from './root.mjs'
import { importSources } from './sources.mjs'

const folder = join(root, 'bench')
const names = (existsSync(folder) ? readdirSync(folder) : [])
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length))
const list =
  names.length === 0
    ? 'There are no benchmarks in bench/ yet.'
    : ['npm run bench -- NAME runs one of:', ...names].join('\n  ')

const name = process.argv[2]
if (name === undefined) {
  console.log(list)
} else if (names.includes(name)) {
  await ensureInstalled()
  await importSources()
  process.argv.splice(1, 2, join(folder, `${name}.ts`))
  await import(pathToFileURL(join(folder, `${name}.ts`)).href)
} else {
  console.error(`There is no benchmark '${name}'. ${list}`)
  process.exitCode = 1
}
