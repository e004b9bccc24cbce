/** `npm run correctness`: the correctness suite on Reprise, and with `-- --peers` on the other caches of the ecosystem. */
import { fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'

import { sayTable } from './correctness-table.mjs'
import { findServers } from './find-servers.mjs'
import { ensureInstalled, installReason } from './install.mjs'
import { root } from './root.mjs'
import { exitOnSignals, run } from './run.mjs'
import { importSources, sourceCondition } from './sources.mjs'

const usage = `usage: npm run correctness -- [--peers] [--row ID]... [--cache NAME]...
  --peers   also installs the other caches in bench/peers and runs them
  --row     only these rows
  --cache   only these caches, by the names of their files`

/** Longest time for one row; a cache that hangs has its result then. */
const patience = 60_000

/** @typedef {{ row: string, passed: boolean | 'not offered', measured: string }} Result */

const peers = [
  'bentocache',
  'cacheable',
  'cache-manager',
  'cachified',
  'async-cache-dedupe',
  'layered-loader',
]
const peersFolder = join(root, 'bench', 'peers')

const installPeers = async () => {
  if (installReason(peersFolder) === undefined) return
  console.log('installing the other caches in bench/peers ...')
  const { code, output } = await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: peersFolder })
  if (code === 0) return
  console.error(`${output}\nnpm ci in bench/peers failed with code ${code}`)
  process.exit(1)
}

const startAll = async () => {
  const { redis } = await findServers()
  if (redis === 'docker') {
    console.error(
      'The correctness suite freezes a Redis: it needs redis-server on PATH, Docker is not enough.',
    )
    process.exit(1)
  }
  process.env['PATH'] = [redis, process.env['PATH']].join(delimiter)
  const { startOwnRedis } = await import('../packages/cache/test/redis-server.ts')
  const { startCluster } = await import('../packages/cache/test/redis-cluster.ts')
  const [plain, freezable, cluster] = await Promise.all([startOwnRedis(), startOwnRedis(), startCluster()])
  // Each sends its signal before it waits for anything.
  process.once(
    'exit',
    () => void Promise.all([plain.kill(), freezable.kill(), ...cluster.nodes.map((node) => node.kill())]),
  )
  return {
    plain,
    freezable,
    cluster,
    stop: () => Promise.all([plain.stop(), freezable.stop(), cluster.stop()]),
  }
}

/**
 * Runs one row on one cache in a process of its own.
 * @param {{ row: string, adapter: string }} job
 * @param {Awaited<ReturnType<typeof startAll>>} servers
 * @returns {Promise<Result>}
 */
const runRow = ({ row, adapter }, { plain, freezable, cluster }) =>
  new Promise((resolve) => {
    const child = fork(join(root, 'scripts', 'correctness-row.mjs'), [], {
      cwd: root,
      execArgv: [`--conditions=${sourceCondition}`, '--import', 'tsx'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    let printed = ''
    /** @type {Result | undefined} */
    let result
    child.stderr?.on('data', (data) => (printed = (printed + String(data)).slice(-8_000)))
    const limit = setTimeout(() => {
      result = { row, passed: false, measured: `no end within ${patience / 1_000} s` }
      child.kill('SIGKILL')
    }, patience)
    child.on('message', (message) => {
      const { ask, result: given } = /** @type {{ ask?: 'freeze' | 'thaw', result?: Result }} */ (message)
      if (given !== undefined) result = given
      if (ask === undefined) return
      freezable[ask]()
      if (child.connected) child.send(ask)
    })
    child.once('exit', (code, signal) => {
      clearTimeout(limit)
      freezable.thaw()
      const line = printed
        .split('\n')
        .find((text) => /error:/i.test(text))
        ?.trim()
      resolve(
        result ?? {
          row,
          passed: false,
          measured: `the process exits (${signal ?? code})${line === undefined ? '' : `: ${line}`}`,
        },
      )
    })
    child.send({ row, adapter, redisUrl: plain.url, freezable: freezable.url, cluster: cluster.addresses })
  })

const main = async () => {
  exitOnSignals()
  await ensureInstalled()
  const { values } = parseArgs({
    options: {
      peers: { type: 'boolean', default: false },
      row: { type: 'string', multiple: true },
      cache: { type: 'string', multiple: true },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(usage)
  await importSources()
  if (values.peers) await installPeers()
  const { correctnessRows } = await import('../packages/cache/src/testing/correctness/suite.ts')
  const rows = correctnessRows.filter(({ id }) => values.row?.includes(id) ?? true)
  const own = join(root, 'packages', 'cache', 'src', 'testing', 'correctness', 'reprise.ts')
  const adapters = [own, ...(values.peers ? peers.map((name) => join(peersFolder, `${name}.mjs`)) : [])]
    .filter((file) => values.cache?.some((name) => file.includes(`/${name}.`)) ?? true)
    .filter((file) => existsSync(file))
  if (rows.length === 0 || adapters.length === 0) {
    console.error(`nothing to run: rows are ${correctnessRows.map(({ id }) => id).join(', ')}\n${usage}`)
    process.exit(2)
  }
  const servers = await startAll()
  /** @type {{ file: string, name: string, results: Result[] }[]} */
  const columns = []
  for (const file of adapters) {
    const adapter = pathToFileURL(file).href
    const {
      default: { name },
    } = await import(adapter)
    console.log(`\n${name}`)
    /** @type {Result[]} */
    const results = []
    for (const { id, title } of rows) {
      const result = await runRow({ row: id, adapter }, servers)
      const mark = result.passed === 'not offered' ? '-' : result.passed ? 'ok' : 'FAILED'
      console.log(`  ${mark.padEnd(7)} ${title}: ${result.measured}`)
      results.push(result)
    }
    columns.push({ file, name, results })
  }
  await servers.stop()
  if (columns.length > 1) console.log(`\n${sayTable(rows, columns)}`)
  const ours = columns[0]?.file === own ? columns[0].results : []
  const failed = ours.filter(({ passed }) => passed !== true).length
  console.log(`\nReprise: ${ours.length - failed} passed, ${failed} failed`)
  process.exitCode = failed === 0 ? 0 : 1
  process.exit()
}

await main()
