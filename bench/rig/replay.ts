import { createCache, defineCatalog, defineSpace } from '@reprise/cache'
import { z } from 'zod'
import type { MakePeer } from '../policies/peer.ts'
import { optimumHits } from '../policies/optimum.ts'
import type { Trace } from './traces.ts'

/** How many of a trace's requests hit in a cache of so many entries. */
export type CountHits = (trace: Trace, capacity: number) => number | Promise<number>

/** Hits of a policy that is only simulated. */
export function peerHits(make: MakePeer): CountHits {
  return ({ requests, keys }, capacity) => {
    const peer = make(capacity, keys)
    let hits = 0
    for (const key of requests) if (peer.request(key)) hits += 1
    return hits
  }
}

/** Hits of Belady's optimum. */
export const optimum: CountHits = ({ requests, keys }, capacity) => optimumHits(requests, capacity, keys)

const space = defineSpace({ name: 'trace', key: 'trace:{key}', schema: z.number(), ttl: '1d' })

/** Hits of the product itself, as an application uses it: `get`, and `set` after a miss; bounded by entries, or by bytes. */
export function ourHits(by: 'entries' | 'bytes'): CountHits {
  return async ({ requests }, capacity) => {
    const catalog = defineCatalog({ prefix: 'bench', spaces: [space] })
    const bound = by === 'entries' ? { maxEntries: capacity } : { maxEntries: 2 ** 31 }
    const maxBytes = by === 'entries' ? 2 ** 40 : capacity * (await sizeOfOne())
    // Randomness that is given makes hashes, and with them the sample of the trials, alike in each run.
    const cache = await createCache({ catalog, memory: { ...bound, maxBytes }, random: Math.random })
    try {
      const handle = cache.open(space)
      let hits = 0
      for (const key of requests) {
        const params = { key: name(key) }
        if ((await handle.get(params)) === undefined) await handle.set(params, 1)
        else hits += 1
      }
      return hits
    } finally {
      await cache.close()
    }
  }
}

/** All names are of one length, so that entries are of one size. */
function name(key: number): string {
  return String(key).padStart(8, '0')
}

/** What an entry counts, in bytes. */
async function sizeOfOne(): Promise<number> {
  const cache = await createCache({ catalog: defineCatalog({ prefix: 'bench', spaces: [space] }) })
  await cache.open(space).set({ key: name(0) }, 1)
  const { memoryBytes } = cache.stats().total
  await cache.close()
  return memoryBytes
}
