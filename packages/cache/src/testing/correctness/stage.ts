import { type CacheAdapter, importAdapter } from './cache-under-test.ts'
import type { OpenOptions } from './cache-under-test.ts'
import { openProxy } from './proxy.ts'
import { openRemote } from './remote.ts'
import type { FreezableRedis, Row, RowResult, Stage } from './row.ts'
import { settled } from './waiting.ts'

/** Where and with what the suite runs. */
export interface CorrectnessOptions {
  /** The URL of the adapter's module, such as `import.meta.url` there. */
  readonly adapter: string
  readonly redisUrl: string
  /** A Redis for the rows that stop one; without it they are not run. */
  readonly freezable?: FreezableRedis
  /** Nodes of a Cluster, for the row that needs one. */
  readonly cluster?: OpenOptions['cluster']
  /** Arguments of Node with which a process can import this suite and the adapter. @default those of this process */
  readonly execArgv?: readonly string[]
  /** Begins the prefix of every row. @default 'correctness' */
  readonly prefix?: string
}

/** Life of an entry where a row is not about it. */
const ttlMs = 60_000
/** Longest time for a cache to close: the row has its result by then. */
const closeLimit = 3_000

let opened = 0

function createStage(adapter: CacheAdapter, options: CorrectnessOptions): Stage & { end(): Promise<void> } {
  const ends: (() => unknown)[] = []
  const { redisUrl, freezable, cluster, execArgv = process.execArgv } = options
  const prefix = `${options.prefix ?? 'correctness'}-${process.pid}-${(opened += 1)}-${Date.now().toString(36)}`
  let nodes = 0
  const complete = (given: Partial<OpenOptions>): OpenOptions => ({
    redisUrl,
    ttlMs,
    ...given,
    prefix,
    node: `n${(nodes += 1)}`,
  })
  return {
    freezable,
    cluster,
    afterwards: (end) => void ends.push(end),
    async open(given = {}) {
      const cache = await adapter.open(complete(given))
      ends.push(() => cache.close())
      return cache
    },
    async openProcess({ clockAhead = 0, ...given } = {}) {
      const remote = await openRemote({ module: options.adapter, execArgv }, complete(given), clockAhead)
      ends.push(() => remote.close())
      return remote
    },
    async proxy() {
      const { port } = new URL(redisUrl)
      const proxy = await openProxy(Number(port || 6379))
      ends.push(() => proxy.close())
      return Object.assign(proxy, { url: `redis://127.0.0.1:${proxy.port}` })
    },
    async end() {
      for (const end of ends.splice(0).toReversed())
        await settled(
          Promise.resolve().then(() => end()),
          closeLimit,
        )
    },
  }
}

/** Runs one row. A cache that throws where the row does not expect it has not passed. */
export async function runRow(row: Row, options: CorrectnessOptions): Promise<RowResult> {
  const adapter = await importAdapter(options.adapter)
  const missing = row.needs.filter((need) => !adapter.offers.includes(need))
  if (missing.length > 0)
    return { row: row.id, passed: 'not offered', measured: `no ${missing.join(', no ')}` }
  const stage = createStage(adapter, options)
  try {
    return { row: row.id, ...(await row.run(stage)) }
  } catch (error) {
    const measured = `failed: ${error instanceof Error ? error.message : String(error)}`
    return { row: row.id, passed: false, measured: measured.split('\n')[0] ?? '' }
  } finally {
    await stage.end()
  }
}
