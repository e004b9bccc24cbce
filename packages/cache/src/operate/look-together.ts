import { askTier } from './ask-tier.ts'
import type { Engine } from '../engine.ts'
import type { Tier, TierRecord } from '../tier.ts'

/** Keys from which a look goes by itself. */
const many = 200

type Records = ReadonlyMap<string, TierRecord>

interface Reading {
  /** The read under way. */
  running?: Promise<unknown> | undefined
  /** The one after it, and the keys that it will ask for. */
  next?: { readonly keys: Set<string>; readonly records: Promise<Records> } | undefined
}

const readings = new WeakMap<Tier, Reading>()

/**
 * Records of a tier, for those who look and do not read. Those of one tick go out together, and those that come while a
 * look is under way when it is done: many who look at once cost one read or two, and none gets an answer from before it
 * asked. @throws E_TIER_READ
 */
export async function readTogether(
  engine: Engine,
  tier: Tier,
  keys: readonly string[],
): Promise<readonly (TierRecord | undefined)[]> {
  if (keys.length >= many) return askTier(engine, tier, async () => tier.read(keys))
  let reading = readings.get(tier)
  if (reading === undefined) readings.set(tier, (reading = {}))
  const records = await gather(engine, tier, { reading, keys })
  return keys.map((key) => records.get(key))
}

interface Asked {
  readonly reading: Reading
  readonly keys: readonly string[]
}

function run(engine: Engine, tier: Tier, { reading, keys }: Asked): Promise<Records> {
  const read = async (): Promise<Records> => {
    try {
      const found = await askTier(engine, tier, async () => tier.read(keys))
      return new Map(found.flatMap((record) => (record === undefined ? [] : [[record.key, record]])))
    } finally {
      reading.running = undefined
    }
  }
  const records = read()
  reading.running = records
  return records
}

/** After the promise jobs of this tick, so that those who are a few awaits apart look together. */
async function endOfTick(): Promise<void> {
  await new Promise<void>((resolve) => process.nextTick(resolve))
}

function gather(engine: Engine, tier: Tier, { reading, keys }: Asked): Promise<Records> {
  if (reading.next === undefined || reading.next.keys.size >= many) {
    const asked = new Set<string>()
    const records = (reading.next?.records ?? reading.running ?? endOfTick())
      .catch(() => undefined)
      .then(() => {
        if (reading.next?.keys === asked) reading.next = undefined
        return run(engine, tier, { reading, keys: [...asked] })
      })
    reading.next = { keys: asked, records }
  }
  for (const key of keys) reading.next.keys.add(key)
  return reading.next.records
}
