import { isDeadRecord } from './dead-record.ts'
import { type Engine, lives } from '../engine.ts'
import { publish } from '../events.ts'
import { giveWay } from './give-way.ts'
import { isOver } from '../memory/memory.ts'
import type { Tier } from '../tier.ts'

/** Records looked at in one slice, so that no sweep holds up reads. */
const slice = 500
/** Marks that are kept before the oldest are forgotten under a floor. */
const mostMarks = 100_000

/** Removes expired entries from every tier, a slice at a time. Resolves to how many went. */
export async function sweep(engine: Engine): Promise<number> {
  const now = engine.clock.now()
  let removed = 0
  for (let done = false; !done && !engine.state.closed;) {
    const walked = engine.memory.sweep(slice, (record) => isOver(record, now) || !lives(engine, record))
    removed += walked.removed
    done = walked.done
    if (!done) await giveWay()
  }
  tell(engine, 'memory', removed)
  for (const tier of engine.tiers) removed += await sweepTier(engine, tier)
  await forgetMarks(engine)
  return removed
}

/** Removes expired records of one tier, a slice at a time. A failure is told by its event. */
export async function sweepTier(engine: Engine, tier: Tier): Promise<number> {
  let removed = 0
  try {
    for (let gone = slice; gone === slice && !engine.state.closed; removed += gone) {
      gone = await tier.sweep(slice)
      if (gone === slice) await giveWay()
    }
  } catch (error) {
    publish('tier-failed', { tier: tier.name, operation: 'sweep', error })
  }
  tell(engine, tier.name, removed)
  return removed
}

function tell(engine: Engine, tier: string, count: number): void {
  engine.state.expirations += count
  if (count > 0) publish('entries-expired', { tier, count })
}

async function forgetMarks(engine: Engine): Promise<void> {
  if (engine.order.marks <= mostMarks) return
  const floor = engine.order.prune(mostMarks / 2)
  if (floor !== undefined) await (engine.cluster?.shared ?? engine.log).prune(floor)
}

/**
 * Removes what marks have made unreadable from the tiers below, page by page. Nothing depends on it but space:
 * reads compare marks anyway.
 */
export async function removeDead(engine: Engine): Promise<void> {
  for (const tier of engine.tiers) {
    // What cannot be listed stays until it expires; reads compare marks anyway.
    if (tier.capabilities?.list === false) continue
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
        if (cursor !== undefined) await giveWay()
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
    return record !== undefined && isDeadRecord(engine, key, record)
  })
  if (dead.length > 0) await tier.remove(dead)
}
