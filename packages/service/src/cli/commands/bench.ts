import { randomUUID } from 'node:crypto'
import { createClient } from '@reprise/api'
import { openDatabase } from '@reprise/database'
import { Redis } from 'ioredis'
import type { Settings } from '../../settings/settings.ts'
import { defineCommand } from '../command.ts'
import { serverOf } from '../connect.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import { type RoundTrips, timeRoundTrips } from '../round-trips.ts'
import { table } from '../table.ts'

type Timed = (what: string, work: () => Promise<unknown>) => Promise<RoundTrips>

/** `reprise bench`: how long a round trip takes to what the application stands on. */
export const benchCommand = defineCommand({
  usage: 'bench',
  summary: 'How long a round trip takes: to Redis and the database, or to a server',
  options: (parser) =>
    parser.option('times', {
      type: 'number',
      default: 1_000,
      describe: 'Round trips of each kind, 1 to 100 000',
    }),
  run: async ({ times }, { io, common, local, print }) => {
    if (!Number.isInteger(times) || times < 1 || times > 100_000)
      throw new CommandError(`--times ${times} is no whole number from 1 to 100 000`, exitCodes.usage)
    const timed: Timed = (what, work) =>
      timeRoundTrips(what, work, { times, now: () => performance.now(), signal: io.interrupted })
    const server = serverOf(common, io)
    const found =
      server === undefined
        ? await benchStores((await local()).settings, timed)
        : [await benchServer(server, timed)]
    print(found, () =>
      table(
        [
          { title: 'ROUND TRIP', show: ({ what }) => what },
          { title: 'TIMES', show: (row) => row.times, align: 'right' },
          { title: 'MEDIAN', show: ({ median }) => `${median.toFixed(3)} ms`, align: 'right' },
          { title: 'P99', show: ({ p99 }) => `${p99.toFixed(3)} ms`, align: 'right' },
          { title: 'LONGEST', show: ({ longest }) => `${longest.toFixed(3)} ms`, align: 'right' },
        ],
        found,
      ),
    )
  },
})

async function benchServer(server: string, timed: Timed): Promise<RoundTrips> {
  const client = createClient({ baseUrl: server })
  return timed('server: health', () => client.call('health'))
}

async function benchStores(settings: Settings, timed: Timed): Promise<readonly RoundTrips[]> {
  const { redisUrl, databaseUrl } = settings
  if (redisUrl === undefined && databaseUrl === undefined)
    throw new CommandError(
      'There is neither Redis nor PostgreSQL here: the embedded stores are in the process itself. Give --server to time a server',
      exitCodes.usage,
    )
  return [
    ...(redisUrl === undefined ? [] : await benchRedis(redisUrl, timed)),
    ...(databaseUrl === undefined ? [] : await benchDatabase(databaseUrl, timed)),
  ]
}

// Under a name of its own, which ends by itself even when this process is killed.
async function benchRedis(url: string, timed: Timed): Promise<readonly RoundTrips[]> {
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 3_000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  })
  client.on('error', () => undefined)
  const key = `reprise-bench:${randomUUID()}`
  try {
    await client.connect()
    const value = 'x'.repeat(1_024)
    const writes = await timed('redis: SET of 1 KiB', () => client.set(key, value, 'EX', 60))
    const reads = await timed('redis: GET of 1 KiB', () => client.get(key))
    await client.del(key)
    return [writes, reads]
  } finally {
    client.disconnect()
  }
}

async function benchDatabase(url: string, timed: Timed): Promise<readonly RoundTrips[]> {
  const database = await openDatabase({ url, poolSize: 1, connectTimeoutMs: 3_000, onError: () => undefined })
  try {
    return [await timed('database: select 1', () => database.query('select 1'))]
  } finally {
    await database.close()
  }
}
