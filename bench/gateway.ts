/**
 * Requests per second of a hit of the gateway's chat completions, whole and streamed, beside a bare Fastify route that
 * reads the same body and replies with the same bytes, in one run: short turns, one after another, the load from a
 * process of its own. The time that the server's processor took is counted too: on a busy machine it is what stays.
 * Options: --rounds N, --seconds N, --connections N, --json FILE, --profile FOLDER (of the server's processor, by V8),
 * --only whole|streamed.
 */
import { bar, numberOption, option, ratioOf, rowOf, shown, writeFigures } from './rig/figures.ts'
import { startChild } from './rig/child.ts'
import type { GatewayServer } from './rig/gateway-server.ts'
import type { HttpLoad } from './rig/http-load.ts'

const rounds = numberOption('rounds', 9)
const seconds = numberOption('seconds', 2)
const connections = numberOption('connections', 20)

const profile = option('profile')
const only = option('only')

const server = startChild<GatewayServer>(
  'gateway-server',
  profile === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', profile],
)
const load = startChild<HttpLoad>('http-load')
const { token, bodies, service, bare } = await server.ask('start')
const forms = (['whole', 'streamed'] as const).filter((form) => only === undefined || form === only)
const contests = forms.flatMap((form) => {
  const contest = (name: string, port: number, path: string) => ({
    name: `${form}: ${name}`,
    turn: { port, paths: [path], token, body: bodies[form], connections },
    found: [] as number[],
    /** Microseconds of the processor for a request. */
    costs: [] as number[],
    bytes: 0,
  })
  return [
    contest('bare route', bare, `/${form}`),
    contest('bare route, same check', bare, `/${form}/checked`),
    contest('gateway, a hit', service, '/v1/chat/completions'),
  ]
})

for (let round = -1; round < rounds; round += 1) {
  for (const contest of contests) {
    const milliseconds = seconds * (round < 0 ? 500 : 1_000)
    const before = await server.ask('processor')
    const { perSecond, answers, bytes } = await load.ask('load', { ...contest.turn, milliseconds })
    contest.bytes = bytes
    // The first round is for the compiler.
    if (round < 0) continue
    contest.found.push(perSecond)
    contest.costs.push(((await server.ask('processor')) - before) / answers)
  }
}
await Promise.all([load.stop(), server.stop()])

console.log(
  `a request of ${bodies.whole.length} bytes, ${connections} connections, ${rounds} rounds of ${seconds} s; Node ${process.version}`,
)
const rows = contests.map(({ name, found }) => rowOf(name, 'requests/s', found))
const costs = contests.map(({ name, costs: found }) => rowOf(`${name}, processor`, 'µs', found))
const longest = Math.max(...rows.map(({ value }) => value))
const ratios = contests.map(({ name, found }, at) =>
  ratioOf(`${name} / bare route`, found, contests[at - (at % 3)]?.found ?? []),
)
const byProcessor = contests.map(({ name, costs: found }, at) =>
  ratioOf(`bare route / ${name}, processor`, contests[at - (at % 3)]?.costs ?? [], found),
)
for (const [at, { name, value, spread }] of rows.entries()) {
  const [ratio, processor] = [ratios[at], byProcessor[at]].map((one) => shown(one?.value ?? Number.NaN))
  console.log(
    `  ${name.padEnd(32)} ${bar(value, longest)} ${shown(value).padStart(7)} /s (spread ${Math.round(spread * 100)} %) ${ratio} ×, ${shown(costs[at]?.value ?? Number.NaN)} µs of the processor ${processor} ×, ${contests[at]?.bytes} bytes`,
  )
}
const compared = [...ratios, ...byProcessor].filter((_, at) => at % 3 !== 0)
writeFigures({ rows: [...rows, ...costs], ratios: compared })
