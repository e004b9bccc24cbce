/**
 * Requests per second of the operations API beside a bare Fastify route with the same check of the token, in one run:
 * short turns, one after another, the load from a process of its own. All are in one server process, since only its
 * turn is asked at a time.
 * Options: --rounds N, --seconds N, --connections N, --entries N, --json FILE, --profile FOLDER (of the server's
 * processor, by V8), --only NAME (contests whose name has it).
 */
import { bar, numberOption, option, ratioOf, rowOf, shown, writeFigures } from './rig/figures.ts'
import { startChild } from './rig/child.ts'
import type { HttpLoad } from './rig/http-load.ts'
import type { HttpServer } from './rig/http-server.ts'

const rounds = numberOption('rounds', 7)
const seconds = numberOption('seconds', 2)
const connections = numberOption('connections', 20)
const entries = numberOption('entries', 10_000)

const profile = option('profile')
const only = option('only') ?? ''

const server = startChild<HttpServer>(
  'http-server',
  profile === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', profile],
)
const load = startChild<HttpLoad>('http-load')
const { token, service, bare } = await server.ask('start', entries)
const contests = [
  { name: 'bare route, same check', port: bare, paths: ['/checked'] },
  { name: 'bare route, signature alone', port: bare, paths: ['/signature'] },
  { name: 'GET /api/cache/stats', port: service, paths: ['/api/cache/stats'] },
  { name: 'GET /api/v1/entry', port: service, paths: ['/api/v1/entry?key=space_3:7'] },
  {
    name: 'GET /api/v1/entry, any of 500',
    port: service,
    paths: Array.from({ length: 500 }, (_, at) => `/api/v1/entry?key=space_${at % 10}:${at}`),
  },
  { name: 'GET /api/v1/entry/explain', port: service, paths: ['/api/v1/entry/explain?key=space_3:7'] },
  { name: 'GET /api/v1/entries', port: service, paths: ['/api/v1/entries?limit=20'] },
]
  .filter(({ name }, at) => at < 1 || name.endsWith(only))
  .map((contest) => ({ ...contest, found: [] as number[], costs: [] as number[], bytes: 0 }))

for (let round = -1; round < rounds; round += 1) {
  for (const contest of contests) {
    const { port, paths } = contest
    const turn = { port, paths, token, connections, milliseconds: seconds * (round < 0 ? 500 : 1_000) }
    const before = await server.ask('processor')
    const { perSecond, answers, bytes } = await load.ask('load', turn)
    contest.bytes = bytes
    // The first round is for the compiler.
    if (round < 0) continue
    contest.found.push(perSecond)
    contest.costs.push(((await server.ask('processor')) - before) / answers)
  }
}
await Promise.all([load.stop(), server.stop()])

console.log(
  `${entries} entries in memory and PGlite, ${connections} connections, ${rounds} rounds of ${seconds} s; Node ${process.version}`,
)
const rows = contests.map(({ name, found }) => rowOf(name, 'requests/s', found))
const costs = contests.map(({ name, costs: found }) => rowOf(`${name}, processor`, 'µs', found))
const longest = Math.max(...rows.map(({ value }) => value))
const [checked] = contests
const ratios = contests.map(({ name, found }) =>
  ratioOf(`${name} / bare route, same check`, found, checked?.found ?? []),
)
const byProcessor = contests.map(({ name, costs: found }) =>
  ratioOf(`bare route, same check / ${name}, processor`, checked?.costs ?? [], found),
)
for (const [at, { name, value, spread }] of rows.entries()) {
  const [ratio, processor] = [ratios[at], byProcessor[at]].map((one) => shown(one?.value ?? Number.NaN))
  console.log(
    `  ${name.padEnd(30)} ${bar(value, longest)} ${shown(value).padStart(7)} /s (spread ${Math.round(spread * 100)} %) ${ratio} ×, ${shown(costs[at]?.value ?? Number.NaN)} µs of the processor ${processor} ×, ${contests[at]?.bytes} bytes`,
  )
}
writeFigures({
  rows: [...rows, ...costs],
  ratios: [...ratios, ...byProcessor].filter(
    ({ name }) => !name.startsWith('bare route, same check / bare route, same'),
  ),
})
