/** The other process: it keeps entries in memory, notes when they disappear, and what its reads return. */
import { type Cache, type SpaceHandle, onEvent } from '@reprise/cache'
import { Redis } from 'ioredis'
import { serve } from './child.ts'
import { news, openNews, steady, truthKey } from './news.ts'

/** One read: its space, when it began, whose entry, and the version it returned; 0 where it threw. */
export type SeenRead = readonly [space: keyof typeof news, startedAt: number, id: number, version: number]

let cache: Cache
let truth: Redis
const gone = new Map<number, number>()
const reads: SeenRead[] = []
let reading: NodeJS.Timeout | undefined
let applied = 0
let dropped = 0

const handle = (name: keyof typeof news): SpaceHandle<(typeof news)['loose']> =>
  cache.open(news[name]) as SpaceHandle<(typeof news)['loose']>
const loader = async (): Promise<{ version: number }> => ({ version: Number(await truth.get(truthKey)) })

/** Notes when an entry has left memory; asks again where it has not yet. */
function check(id: number): void {
  if (handle('loose').peek({ id }) === undefined) gone.set(id, gone.get(id) ?? steady())
  else setImmediate(check, id)
}

onEvent('log-rejoined', () => {
  dropped += 1
})
onEvent('invalidated', ({ keys, marks }) => {
  applied += 1
  for (const name of [...keys, ...marks]) {
    const id = /^(?:news:loose:|t:news:)(\d+)$/.exec(name)?.[1]
    // Marks are set a moment after this event, before the next tick.
    if (id !== undefined) process.nextTick(check, Number(id))
  }
})

async function readOnce(name: keyof typeof news, id: number): Promise<void> {
  const startedAt = steady()
  const found = await handle(name)
    .getOrLoad({ id }, loader)
    .catch(() => undefined)
  reads.push([name, startedAt, id, found?.version ?? 0])
}

/** What the sender may ask. */
export const services = {
  async open({ url, direct }: { readonly url: string; readonly direct: string }): Promise<void> {
    truth = new Redis(direct)
    cache = await openNews(url)
  },
  async load({ space, count }: { readonly space: keyof typeof news; readonly count: number }): Promise<void> {
    for (let at = 0; at < count; at += 200) {
      const ids = Array.from({ length: Math.min(200, count - at) }, (_, index) => at + index)
      const found = await handle(space).getMany(ids.map((id) => ({ id })))
      if (found.includes(undefined)) throw new Error(`an entry of ${space} is missing`)
    }
  },
  /** Since the last call: when which entry disappeared, the records applied, and how often all of memory was dropped. */
  disappeared(): {
    readonly times: ReadonlyMap<number, number>
    readonly applied: number
    readonly dropped: number
  } {
    const answer = { times: new Map(gone), applied, dropped }
    gone.clear()
    applied = 0
    dropped = 0
    return answer
  },
  /** Reads a random entry of each space every other millisecond, until `stopReading`. */
  startReading(counts: Readonly<Record<keyof typeof news, number>>): void {
    reading = setInterval(() => {
      for (const name of ['loose', 'bounded', 'strict'] as const)
        void readOnce(name, Math.floor(Math.random() * counts[name]))
    }, 2)
  },
  stopReading(): readonly SeenRead[] {
    clearInterval(reading)
    return reads.splice(0)
  },
  /** Resolves with the time at which no entry of memory was of an older version, and how many were at a second look. */
  caughtUp({ count, version }: { readonly count: number; readonly version: number }): Promise<{
    readonly at: number
    readonly old: number
  }> {
    const isOld = (id: number): boolean => (handle('loose').peek({ id })?.version ?? version) < version
    return new Promise((resolve) => {
      let reached = 0
      const look = (): void => {
        while (reached < count && !isOld(reached)) reached += 1
        if (reached < count) return void setTimeout(look, 1)
        const at = steady()
        resolve({ at, old: Array.from({ length: count }, (_, id) => id).filter(isOld).length })
      }
      look()
    })
  },
  /** Resolves when so many records were applied since the last look at what disappeared. */
  reached(count: number): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (applied >= count) resolve()
        else setTimeout(look, 5)
      }
      look()
    })
  },
  cpu: (): NodeJS.CpuUsage => process.cpuUsage(),
  async close(): Promise<void> {
    truth.disconnect()
    await cache.close()
  },
}

serve(services)
