import {
  type Cache,
  type CacheOptions,
  type InvalidationLog,
  type SpaceBase,
  type Tier,
  type TierRecord,
  createCache,
  defineCatalog,
  defineSpace,
} from '@reprise/cache'
import { type FakeClock, createFakeClock } from '@reprise/cache/testing'
import { z } from 'zod'

/** Policies as tests give them. */
export type Policies = Partial<Parameters<typeof defineSpace<'note', 'note:{user}:{id}', z.ZodType>>[0]>

/** A space of notes by user and id, whose policy a test chooses. */
export const notes = (policy: Policies = {}) =>
  defineSpace({ name: 'note', key: 'note:{user}:{id}', schema: z.unknown(), ttl: '10m', ...policy })

/** Opens a cache of one or more spaces on a fake clock. */
export async function rig(
  spaces: SpaceBase | readonly SpaceBase[],
  options: Partial<Omit<CacheOptions, 'clock'>> & { readonly clock?: FakeClock } = {},
): Promise<{ readonly cache: Cache; readonly clock: FakeClock }> {
  const clock = options.clock ?? createFakeClock()
  const list = Array.isArray(spaces) ? (spaces as readonly SpaceBase[]) : [spaces as SpaceBase]
  const catalog = defineCatalog({ prefix: 'test', spaces: list })
  const cache = await createCache({ catalog, random: () => 0.5, sweepEvery: 0, ...options, clock })
  return { cache, clock }
}

/** A promise that the test resolves. */
export function gate(): { readonly passed: Promise<void>; readonly open: () => void } {
  let open!: () => void
  const passed = new Promise<void>((resolve) => (open = resolve))
  return { passed, open }
}

/** A tier whose calls of one operation wait, each for its own gate, and then happen. */
export function gated(
  tier: Tier,
  operations: readonly ('read' | 'write' | 'remove')[],
): { readonly tier: Tier; readonly waiting: (() => void)[] } {
  const waiting: (() => void)[] = []
  const pass = async (operation: 'read' | 'write' | 'remove'): Promise<void> => {
    if (operations.includes(operation)) await new Promise<void>((resolve) => waiting.push(resolve))
  }
  return {
    waiting,
    tier: {
      ...tier,
      async read(keys) {
        // The answer is as of the asking: it is under way while it waits.
        const records = await tier.read(keys)
        await pass('read')
        return records
      },
      async write(records) {
        await pass('write')
        await tier.write(records)
      },
      async remove(keys) {
        await pass('remove')
        return tier.remove(keys)
      },
    },
  }
}

/** A log that outlives caches: it stands in for a durable one. */
export function lastingLog(): InvalidationLog {
  const marks = new Map<string, number>()
  let n = 0
  let floor = 0
  return {
    durable: true,
    join: async () => ({ era: 'lasting', n, floor, marks: new Map(marks) }),
    async append(names) {
      n += 1
      for (const name of names) marks.set(name, n)
      return { era: 'lasting', n }
    },
    async prune(below) {
      floor = Math.max(floor, below)
      for (const [name, at] of marks) if (at <= below) marks.delete(name)
    },
    close: async () => {},
  }
}

/** The value stored in a map tier's record of an `entry` space. */
export function storedValue(record: TierRecord | undefined): unknown {
  if (record === undefined) return undefined
  if (typeof record.body === 'string') return JSON.parse(record.body)
  const frame = Buffer.from(record.body)
  return JSON.parse(frame.toString('utf8', frame.readUInt32BE(4)))
}
