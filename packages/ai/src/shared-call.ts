import type { Cache } from '@reprise/cache'
import type { Answer, CallPlan, DrivenCall, SharedCall } from './call-plan.ts'
import { drive } from './drive-call.ts'
import { Recording } from './recording.ts'
import { runningCallsOf } from './running-calls.ts'
import { modelCallSpace } from './spaces.ts'

const space = modelCallSpace({ ttl: '1d' })

/**
 * Attaches to the call of these parameters that is under way in this process, or begins it; `leader` began it. The cache
 * answers it, or one process of those that share a store makes the answer. Without the cache it is made all the same.
 * @throws E_SPACE_UNKNOWN and the errors of keys
 */
export function shareCall<Part>(
  cache: Cache,
  plan: CallPlan<Part>,
): { call: SharedCall<Part>; leader: boolean } {
  const handle = cache.open(space)
  const key = handle.key(plan.params)
  const running = runningCallsOf<SharedCall<Part>>(cache)
  const found = running.find(key, plan.regenerate)
  if (found !== undefined) return { call: found, leader: false }
  const recording = new Recording<Part, Answer>()
  let waits = (): void => {}
  const call: DrivenCall<Part> = {
    key,
    recording,
    forced: plan.regenerate,
    begun: false,
    storedAt: undefined,
    similar: undefined,
    elsewhere: false,
    waits: () => waits(),
  }
  const finishes = cache.catalog.find(handle.name).settings.onAbandon === 'finish'
  recording.left.addEventListener('abort', () => {
    if (!(finishes && call.begun)) running.remove(call)
  })
  const over = (): void => running.remove(call)
  recording.answer.then(over, over)
  waits = drive(handle, plan, call)
  // Afterwards: to begin cuts off the call of this key that went before.
  running.add(call)
  return { call, leader: true }
}
