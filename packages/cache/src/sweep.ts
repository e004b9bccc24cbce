import type { BoundSpace } from './catalog.ts'
import { decode } from './codec.ts'
import { type Engine, allTags, lives, marksOf, offsetOf } from './engine.ts'
import { publish } from './events.ts'
import { isOver } from './memory.ts'
import type { AnyParams } from './template.ts'
import type { Tier } from './tier.ts'

/** Records looked at in one slice, so that no sweep holds up reads. */
const slice = 500
/** Marks that are kept before the oldest are forgotten under a floor. */
const mostMarks = 100_000

/** Removes expired entries from every tier, a slice at a time. Resolves to how many went. */
export async function sweep(engine: Engine): Promise<number> {
  const now = engine.clock.now()
  let removed = 0
  for (let looked = 0; looked < engine.memory.entries; looked += slice) {
    const gone = engine.memory.sweep(slice, (record) => isOver(record, now) || !lives(engine, record))
    removed += gone
    if (gone * 4 < slice) break
  }
  tell(engine, 'memory', removed)
  for (const tier of engine.tiers) {
    try {
      let gone = slice
      while (gone === slice && !engine.state.closed) {
        gone = await tier.sweep(slice)
        removed += gone
        tell(engine, tier.name, gone)
      }
    } catch (error) {
      publish('tier-failed', { tier: tier.name, operation: 'sweep', error })
    }
  }
  await forgetMarks(engine)
  return removed
}

function tell(engine: Engine, tier: string, count: number): void {
  engine.state.expirations += count
  if (count > 0) publish('entries-expired', { tier, count })
}

async function forgetMarks(engine: Engine): Promise<void> {
  if (engine.order.marks <= mostMarks) return
  const floor = engine.order.prune(mostMarks / 2)
  if (floor !== undefined) await engine.log.prune(floor)
}

/**
 * Removes what marks have made unreadable from the tiers below, page by page. Nothing depends on it but space:
 * reads compare marks anyway.
 */
export async function removeDead(engine: Engine): Promise<void> {
  for (const tier of engine.tiers) {
    try {
      let cursor: string | undefined
      do {
        const page = await tier.list(`${engine.catalog.prefix}:`, {
          limit: slice,
          ...(cursor === undefined ? {} : { cursor }),
        })
        const keys = page.items.map(({ key }) => key)
        if (keys.length > 0) await engine.lanes.run(keys, () => removeDeadOf(engine, tier, keys))
        cursor = page.cursor
      } while (cursor !== undefined && !engine.state.closed)
    } catch (error) {
      publish('tier-failed', { tier: tier.name, operation: 'list', error })
    }
  }
}

async function removeDeadOf(engine: Engine, tier: Tier, keys: readonly string[]): Promise<void> {
  const records = await tier.read(keys)
  const dead = keys.filter((key, index) => {
    const record = records[index]
    const owner = engine.catalog.parse(key)
    if (record === undefined || owner === undefined) return false
    const entry = decode(key, record, { now: engine.order.latest(), offset: offsetOf(engine) })
    return typeof entry !== 'string' && isDead(engine, owner, entry)
  })
  if (dead.length > 0) await tier.remove(dead)
}

function isDead(
  engine: Engine,
  owner: { space: BoundSpace; params: AnyParams },
  entry: { asOf: { era: string; n: number }; tags: readonly string[] },
): boolean {
  const tags = allTags(owner.space, owner.params, entry.tags)
  return engine.order.deadBy(entry.asOf, marksOf(owner.space, owner.params, tags)) !== undefined
}
