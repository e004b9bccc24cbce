import { decode } from '../entry/codec.ts'
import { type Engine, allTags, marksOf, offsetOf } from '../engine.ts'
import type { TierRecord } from '../tier.ts'

/** Whether a mark has killed a stored record. What cannot be read or belongs to no space is not for this to judge. */
export function isDeadRecord(engine: Engine, key: string, record: TierRecord): boolean {
  const owner = engine.catalog.parse(key)
  const entry = decode(key, record, {
    now: engine.order.latest(),
    offset: offsetOf(engine),
    codec: engine.codec,
    text: owner?.space.settings.text === true,
  })
  if (owner === undefined || typeof entry === 'string') return false
  const tags = allTags(owner.space, owner.params, entry.tags)
  return engine.order.deadBy(entry.asOf, marksOf(owner.space, owner.params, tags)) !== undefined
}
