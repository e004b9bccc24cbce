// `npm run bench -- NAME [options]` compiles the packages and bench/ into a temporary folder and runs bench/NAME.ts
// there; without a name it lists what there is. What users run is what is measured: tsx would wrap every function to
// keep its name, which costs microseconds a call, and dist/ may be old or in the hands of another script.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { extname, join } from 'node:path'

import { ensureInstalled } from './install.mjs'
import { root } from './root.mjs'
import { exitOnSignals, run } from './run.mjs'

const source = join(root, 'bench')
const names = (existsSync(source) ? readdirSync(source) : [])
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length))
const list =
  names.length === 0
    ? 'There are no benchmarks in bench/ yet.'
    : ['npm run bench -- NAME runs one of:', ...names].join('\n  ')

/** Files that the compiler does not copy and a package reads at run time. */
const assets = new Set(['.sql', '.lua', '.json'])

/** @param {string} folder @param {object} config a tsconfig.json; paths are absolute */
const compile = async (folder, config) => {
  const project = join(folder, 'tsconfig.json')
  writeFileSync(project, JSON.stringify(config))
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const { code, output } = await run(process.execPath, [compiler, '-p', project])
  if (code !== 0) throw new Error(`the compiler failed with code ${code}:\n${output}`)
}

/**
 * Types are left to `npm run check`.
 * @param {string} from @param {string} to @param {readonly string[]} include
 */
const settings = (from, to, include) => ({
  extends: join(root, 'tsconfig.build.json'),
  compilerOptions: {
    rootDir: from,
    outDir: to,
    noCheck: true,
    declaration: false,
    sourceMap: false,
    types: [],
  },
  include: include.map((pattern) => join(from, pattern)),
  exclude: [],
})

/** Packages that benchmarks use, each after those it imports. */
const used = ['cache', 'ai', 'database', 'api', 'results', 'tokens', 'service']

/** @param {string} folder @param {string} name */
const buildPackage = async (folder, name) => {
  const from = join(root, 'packages', name)
  const built = join(folder, 'node_modules', '@reprise', name)
  mkdirSync(built, { recursive: true })
  cpSync(join(from, 'package.json'), join(built, 'package.json'))
  await compile(folder, settings(join(from, 'src'), join(built, 'dist'), ['**/*.ts']))
  cpSync(join(from, 'src'), join(built, 'dist'), {
    recursive: true,
    filter: (file) => extname(file) === '' || assets.has(extname(file)),
  })
  const migrations = join(from, 'migrations')
  if (existsSync(migrations)) cpSync(migrations, join(built, 'migrations'), { recursive: true })
}

/** @param {string} folder an empty folder in node_modules, from where every package is found */
const build = async (folder) => {
  for (const name of used) await buildPackage(folder, name)
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  await compile(folder, settings(source, join(folder, 'bench'), ['*.ts', 'rig/*.ts']))
  const peers = join(source, 'peers', 'node_modules')
  if (existsSync(peers)) symlinkSync(peers, join(folder, 'bench', 'node_modules'), 'dir')
}

const name = process.argv[2]
if (name === undefined) {
  console.log(list)
} else if (names.includes(name)) {
  exitOnSignals()
  await ensureInstalled()
  const folder = mkdtempSync(join(root, 'node_modules', '.bench-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  await build(folder)
  const file = join(folder, 'bench', `${name}.js`)
  const options = { show: true, env: { ...process.env, NODE_OPTIONS: '', REPRISE_ROOT: root } }
  const { code } = await run(process.execPath, [file, ...process.argv.slice(3)], options)
  process.exitCode = code
} else {
  console.error(`There is no benchmark '${name}'. ${list}`)
  process.exitCode = 1
}
