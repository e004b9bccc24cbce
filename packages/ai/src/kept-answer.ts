import type { Cache } from '@reprise/cache'
import type { Answer, CallPlan } from './call-plan.ts'
import { runningCallsOf } from './running-calls.ts'
import { modelCallSpace } from './spaces.ts'
import { restored } from './stored-value.ts'

/** An answer that was found. */
export interface KeptAnswer {
  readonly key: string
  /** When it was made, milliseconds since 1970. */
  readonly storedAt: number
  /** The same object for as long as memory keeps the entry: by it others can keep what they made of the answer. */
  readonly held: object
  /** The answer, in objects of its own each time. */
  readonly answer: () => Answer
}

const space = modelCallSpace({ ttl: '1d' })

/**
 * The fresh answer of these parameters, as `shareCall` would give it; undefined where a call of them is under way, where the
 * space may want it refreshed, and where there is none or the cache is away: then `shareCall` decides.
 */
export async function keptAnswer(
  cache: Cache,
  params: CallPlan<unknown>['params'],
): Promise<KeptAnswer | undefined> {
  const handle = cache.open(space)
  const { refreshAhead, earlyRefresh } = cache.catalog.find(space.name).settings
  if (refreshAhead > 0 || earlyRefresh > 0) return undefined
  const key = handle.key(params)
  if (runningCallsOf(cache).find(key, false) !== undefined) return undefined
  const stored = await handle.get(params)
  if (stored === undefined || stored.from === 'none') return undefined
  const { from, body, at: storedAt } = stored
  return { key, storedAt, held: stored, answer: () => ({ from, body: restored(body) }) }
}
