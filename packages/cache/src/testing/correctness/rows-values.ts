import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type Row, outcome } from './row.ts'
import { elapse } from './waiting.ts'

/** Changes whatever of a value can be changed. */
function spoil(value: unknown): void {
  const { list } = value as { list: string[] }
  for (const change of [
    () => list.push('changed'),
    () => Object.assign(value as object, { name: 'changed' }),
  ]) {
    try {
      change()
    } catch {
      // It refuses, which is one way to be safe.
    }
  }
}

/** Bytes of the heap in use, after a collection. */
function heap(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  collect()
  return process.memoryUsage().heapUsed
}

/** A prompt about a document with an id of its own. */
function promptOf(number: number): string {
  return `Summarise document ${createHash('sha256').update(String(number)).digest('hex')} for me`
}

/** Rows about values, keys and lives. */
export const valueRows: readonly Row[] = [
  {
    id: 'remaining-life',
    title: 'a memory refill keeps the remaining life',
    needs: ['memory-above-redis'],
    async run(stage) {
      const ttlMs = 2_000
      const first = await stage.open({ ttlMs })
      const second = await stage.open({ ttlMs })
      const stored = performance.now()
      await first.getOrLoad('k', () => 'old')
      await elapse(ttlMs * 0.7)
      const refilled = await second.getOrLoad('k', () => 'too early')
      await elapse(stored + ttlMs * 1.15 - performance.now())
      const after = await second.getOrLoad('k', () => 'new')
      return outcome(
        [
          refilled !== 'old' && `not shared: read ${String(refilled)}`,
          after !== 'new' && 'it lives a second time',
        ],
        after === 'new' ? 'ends with its first life' : '',
      )
    },
  },
  {
    id: 'automatic-keys',
    title: 'automatic keys do not collide',
    needs: ['automatic-keys'],
    async run(stage) {
      const cache = await stage.open()
      const key = (...args: unknown[]): string => cache.automaticKey?.(args) ?? ''
      const seen = new Map<string, number>()
      let collision = ''
      for (let prompt = 0; prompt < 200_000 && collision === ''; prompt += 1) {
        const made = key(promptOf(prompt))
        const before = seen.get(made)
        if (before !== undefined) collision = `prompts ${before} and ${prompt} share the key ${made}`
        seen.set(made, prompt)
      }
      const forged = [
        [key('a', 'b:c'), key('a:b', 'c')],
        [key('a', 'b'), key('a,b')],
        [key('{a}'), key('a')],
      ].filter(([one, two]) => one === two)
      return outcome(
        [collision !== '' && collision, forged.length > 0 && `${forged.length} keys can be forged`],
        `${seen.size} prompts`,
      )
    },
  },
  {
    id: 'mutation',
    title: 'a caller changes a value it got',
    needs: [],
    async run(stage) {
      const cache = await stage.open()
      const load = (): unknown => ({ name: 'first', list: ['one'] })
      const nodes = [cache, cache, cache, await stage.open()]
      let changed: string | undefined
      for (const node of nodes) {
        const value = await node.getOrLoad('k', load)
        if (!isDeepStrictEqual(value, load())) changed ??= JSON.stringify(value)
        spoil(value)
      }
      return outcome(
        [changed !== undefined && `the cached value is now ${changed}`],
        changed === undefined ? 'as it was' : '',
      )
    },
  },
  {
    id: 'namespaces',
    title: '20,000 namespaces',
    needs: ['namespaces'],
    async run(stage) {
      const cache = await stage.open({ redisUrl: undefined, maxEntries: 500 })
      const readIn = async (tenant: number): Promise<unknown> =>
        cache.getOrLoadIn?.(`tenant-${tenant}`, 'k', () => 'v')
      const read = async (from: number, to: number): Promise<void> => {
        for (let start = from; start < to; start += 100)
          await Promise.all(Array.from({ length: 100 }, (_, index) => readIn(start + index)))
      }
      await read(0, 2_000)
      const before = heap()
      await read(2_000, 20_000)
      const each = Math.max(0, (heap() - before) / 18_000)
      return outcome([each > 200 && 'kept for ever'], `${(each / 1024).toFixed(2)} KB a namespace`)
    },
  },
]
