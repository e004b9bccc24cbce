import { type Cache, type LoadContext, type Provenance, RepriseError, type SpaceHandle } from '@reprise/cache'
import { Recording } from './recording.ts'
import { type RunningCall, runningCallsOf } from './running-calls.ts'
import { type ModelCallSpace, type StoredAnswer, modelCallSpace } from './spaces.ts'
import { restored, storable } from './stored-value.ts'

/** An answer of a model: a result, or the parts of a stream. */
export interface Answer {
  readonly from: 'generate' | 'stream'
  readonly body: unknown
}

/** How to make one answer, and what is known about it before. */
export interface CallPlan<Part> {
  readonly params: {
    readonly tenant: string
    readonly model: string
    readonly digest: string
    readonly answer: number
  }
  /** Calls the model although there is an answer, and takes its place. */
  readonly regenerate: boolean
  readonly tags: readonly string[]
  readonly meta: Provenance
  readonly now: () => number
  /** Calls the model; a stream's parts are pushed as they come. */
  readonly call: (recording: Recording<Part, Answer>, signal: AbortSignal) => Promise<Answer>
  /** Whether the answer may be kept. */
  readonly admits: (answer: Answer) => boolean
}

/** A call under way. */
export interface SharedCall<Part> extends RunningCall {
  readonly recording: Recording<Part, Answer>
  /** When the answer was made, milliseconds since 1970, where it was found and not made by this call. */
  readonly storedAt: number | undefined
}

interface Began<Part> extends SharedCall<Part> {
  begun: boolean
  storedAt: number | undefined
}

/** Any space of that name, which is how the cache finds the one of its catalog. */
const space: ModelCallSpace = modelCallSpace({ ttl: '1d' })

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
  const call: Began<Part> = { key, recording, forced: plan.regenerate, begun: false, storedAt: undefined }
  const finishes = cache.catalog.find(space.name).settings.onAbandon === 'finish'
  recording.left.addEventListener('abort', () => {
    if (!(finishes && call.begun)) running.remove(call)
  })
  const over = (): void => running.remove(call)
  recording.answer.then(over, over)
  void drive(handle, plan, call)
  // Afterwards: to begin cuts off the call of this key that went before.
  running.add(call)
  return { call, leader: true }
}

/** Gives the followers of a call their answer, whoever makes it. Never rejects. */
async function drive<Part>(
  handle: SpaceHandle<ModelCallSpace>,
  plan: CallPlan<Part>,
  call: Began<Part>,
): Promise<void> {
  const { recording } = call
  let failure: { readonly error: unknown } | undefined

  async function load({ signal, meta, tags, skip }: LoadContext<StoredAnswer>): Promise<StoredAnswer> {
    call.begun = true
    meta(plan.meta)
    tags(...plan.tags)
    let answer: Answer
    try {
      answer = await untilAborted(plan.call(recording, signal), signal)
    } catch (error) {
      failure = { error }
      // Before the first part there may still be an old answer that the space allows instead.
      if (recording.parts.length > 0) recording.fail(error)
      throw error
    }
    const stored = plan.admits(answer) ? toStored(answer, plan.now()) : undefined
    if (stored === undefined) skip()
    recording.complete(answer)
    return stored ?? { at: plan.now(), from: 'none' }
  }

  try {
    const options = { signal: recording.left, forceRefresh: plan.regenerate }
    const stored = await handle.getOrLoad(plan.params, load, options)
    if (recording.done || recording.parts.length > 0) return
    if (failure !== undefined && plan.regenerate) recording.fail(failure.error)
    else if (stored.from === 'none') await callAlone(plan, recording)
    else {
      call.storedAt = stored.at
      recording.complete({ from: stored.from, body: restored(stored.body) })
    }
  } catch (error) {
    if (failure !== undefined) recording.fail(failure.error)
    else if (recording.left.aborted) {
      // The cache let this caller go; a call that has begun goes on where its space says so.
      if (!call.begun) recording.fail(error)
    } else if (call.begun) recording.fail(error)
    else if (ofLoader(error)) recording.fail(RepriseError.is(error, 'E_LOADER_FAILED') ? error.cause : error)
    else await callAlone(plan, recording)
  }
}

/** Calls the model without the cache. */
async function callAlone<Part>(plan: CallPlan<Part>, recording: Recording<Part, Answer>): Promise<void> {
  try {
    recording.complete(await plan.call(recording, recording.left))
  } catch (error) {
    recording.fail(error)
  }
}

/** What a call gives, or the reason of its signal, even of a model that does not listen to signals. */
async function untilAborted<T>(called: Promise<T>, signal: AbortSignal): Promise<T> {
  let abort = (): void => {}
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason as Error)
    signal.addEventListener('abort', abort, { once: true })
  })
  try {
    return await Promise.race([called, aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/** Whether a load that others had begun failed, and not the cache. */
function ofLoader(error: unknown): boolean {
  return RepriseError.is(error) && error.code.startsWith('E_LOADER_')
}

/** What is kept of an answer; undefined when it holds what cannot be. */
function toStored({ from, body }: Answer, at: number): StoredAnswer | undefined {
  try {
    return { at, from, body: storable(body) }
  } catch {
    return undefined
  }
}
