import type { CacheUnderTest } from './cache-under-test.ts'
import { type Row, outcome } from './row.ts'
import { settled, until } from './waiting.ts'

const count = 300
const keys = Array.from({ length: count }, (_, index) => `k${index}`)

const reason = (result: Awaited<ReturnType<typeof settled>>): string | undefined => {
  if (result === 'late') return 'hangs'
  if ('error' in result) return result.error instanceof Error ? result.error.message : String(result.error)
  return undefined
}

/** Removes every key, a few at a time: how fast a cache is, is not what the row is about. */
async function empty(cache: CacheUnderTest): Promise<void> {
  for (let start = 0; start < count; start += 20)
    await Promise.all(keys.slice(start, start + 20).map((key) => cache.delete(key)))
}

/** Rows about Redis Cluster. */
export const clusterRows: readonly Row[] = [
  {
    id: 'cluster',
    title: 'Redis Cluster: getMany, deleteMany, tags and clear over all nodes',
    needs: ['cluster'],
    async run(stage) {
      const { cluster } = stage
      if (cluster === undefined) return { passed: 'not offered', measured: 'no Cluster to run on' }
      const options = { redisUrl: undefined, cluster }
      const cache = await stage.open(options)
      const fill = (tag?: string): Promise<unknown> =>
        Promise.all(keys.map((key) => cache.getOrLoad(key, () => 'old', tag === undefined ? {} : { tag })))
      /** How many old values a node that starts now still finds. */
      const left = async (tag?: string): Promise<number> => {
        const other = await stage.open(options)
        const found = await Promise.all(
          keys.map((key) => other.getOrLoad(key, () => 'new', tag === undefined ? {} : { tag })),
        )
        await empty(other)
        await until(async () => (await cache.getOrLoad('k0', () => 'gone')) === 'gone', 1_000)
        await empty(cache)
        return found.filter((value) => value === 'old').length
      }
      const faults: string[] = []
      const tried: string[] = []
      const attempt = async (
        name: string,
        action: (() => Promise<unknown>) | undefined,
        tag?: string,
      ): Promise<void> => {
        if (action === undefined) return
        tried.push(name)
        await fill(tag)
        const failed = reason(await settled(action(), 10_000))
        const remaining = failed === undefined ? await left(tag) : 0
        if (failed !== undefined) faults.push(`${name} fails: ${failed.slice(0, 60)}`)
        else if (remaining > 0) faults.push(`${name} leaves ${remaining} of ${count}`)
      }
      const { getMany } = cache
      if (getMany !== undefined) {
        tried.push('getMany')
        await fill()
        const other = await stage.open(options)
        let found = 0
        let failed: string | undefined
        // A store may still be on its way when its reader has the answer.
        await until(async () => {
          const result = await settled(Promise.resolve(other.getMany?.(keys)), 10_000)
          failed = reason(result)
          const values = typeof result === 'object' && 'value' in result ? (result.value ?? []) : []
          found = values.filter((value) => value === 'old').length
          return found === count || failed !== undefined
        }, 2_000)
        if (failed !== undefined) faults.push(`getMany fails: ${failed.slice(0, 60)}`)
        else if (found !== count) faults.push(`getMany finds ${found} of ${count}`)
      }
      await attempt('deleteMany', cache.deleteMany && (async () => cache.deleteMany?.(keys)))
      await attempt(
        'invalidateTag',
        cache.invalidateTag && (async () => cache.invalidateTag?.('topic')),
        'topic',
      )
      await attempt('clear', cache.clear && (async () => cache.clear?.()))
      if (tried.length === 0) return { passed: 'not offered', measured: 'works on one key at a time' }
      return outcome(faults, `tried ${tried.join(', ')}`)
    },
  },
]
