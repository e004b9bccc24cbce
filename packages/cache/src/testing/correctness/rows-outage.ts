import type { CacheUnderTest } from './cache-under-test.ts'
import { type Row, outcome } from './row.ts'
import { elapse, settled, watchLoop } from './waiting.ts'

/** How long Redis is away. */
const awayFor = 4_000
/** Most that a read may take longer than its loader. */
const allowed = 500
const loaderTakes = 10

interface Reads {
  readonly count: number
  /** The longest read, less its loader, milliseconds. */
  readonly worst: number
  /** The same, less what the machine kept the process waiting. */
  readonly added: number
  readonly errors: number
}

/** Reads new keys, one every 100 ms, for as long as Redis is away, and waits for all of them. */
async function readMeanwhile(cache: CacheUnderTest): Promise<Reads> {
  const lag = watchLoop()
  const reads: Promise<{ took: number; failed: boolean }>[] = []
  const read = async (key: string): Promise<{ took: number; failed: boolean }> => {
    const start = performance.now()
    const load = async (): Promise<string> => {
      await elapse(loaderTakes)
      return key
    }
    const result = await settled(cache.getOrLoad(key, load), 15_000)
    return { took: performance.now() - start, failed: result === 'late' || 'error' in result }
  }
  const end = performance.now() + awayFor
  while (performance.now() < end) {
    reads.push(read(`away-${reads.length}`))
    await elapse(100)
  }
  const done = await Promise.all(reads)
  const worst = Math.max(...done.map(({ took }) => took)) - loaderTakes
  const added = Math.max(0, worst - lag.worst())
  lag.stop()
  return { count: done.length, worst, added, errors: done.filter(({ failed }) => failed).length }
}

const judge = ({ count, worst, added, errors }: Reads): ReturnType<typeof outcome> =>
  outcome(
    [added > allowed && 'reads wait for Redis', errors > 0 && `${errors} of ${count} reads failed`],
    `a miss takes up to ${(worst / 1_000).toFixed(2)} s more than its loader`,
  )

/** Rows about a Redis that is slow or gone. */
export const outageRows: readonly Row[] = [
  {
    id: 'frozen',
    title: 'Redis frozen 4 s, 10 ms loader',
    needs: [],
    async run(stage) {
      const { freezable } = stage
      if (freezable === undefined) return { passed: 'not offered', measured: 'no Redis that may be frozen' }
      const cache = await stage.open({ redisUrl: freezable.url })
      await cache.getOrLoad('warm', () => 'up')
      stage.afterwards(() => freezable.thaw())
      await freezable.freeze()
      const thaw = setTimeout(() => void freezable.thaw(), awayFor)
      const reads = await readMeanwhile(cache)
      clearTimeout(thaw)
      await freezable.thaw()
      return judge(reads)
    },
  },
  {
    id: 'gone',
    title: 'Redis gone, connections refused for 4 s, 10 ms loader',
    needs: [],
    async run(stage) {
      const proxy = await stage.proxy()
      const cache = await stage.open({ redisUrl: proxy.url })
      await cache.getOrLoad('warm', () => 'up')
      proxy.cut()
      const back = setTimeout(() => void proxy.mend(), awayFor)
      stage.afterwards(() => clearTimeout(back))
      return judge(await readMeanwhile(cache))
    },
  },
]
