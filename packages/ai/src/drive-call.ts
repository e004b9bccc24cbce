/**
 * How the callers of one process get their answer. The engine decides who makes it: this process, when it is given the
 * load; another one, which is heard of through the relay while it makes it, and by what the cache has when it is whole; or
 * the model alone, when the cache is away. A process that dies in the middle loses the load to the next one, whose
 * answer goes on where the first one's ended, if it says the same.
 */
import { type LoadContext, RepriseError, type SpaceHandle } from '@reprise/cache'
import { finish, listenElsewhere } from './elsewhere.ts'
import { pourInto } from './pour.ts'
import type { Recording } from './recording.ts'
import type { RelayWriter } from './relay/stream-relay.ts'
import type { Answer, CallPlan, DrivenCall } from './call-plan.ts'
import type { ModelCallSpace, StoredAnswer } from './spaces.ts'
import { restored, storable } from './stored-value.ts'
import { untilAborted } from './until-aborted.ts'

/** Gives the followers of a call their answer, whoever makes it. Returns what hears that another process makes it. */
export function drive<Part>(
  handle: SpaceHandle<ModelCallSpace>,
  plan: CallPlan<Part>,
  call: DrivenCall<Part>,
): () => void {
  const { recording } = call
  const { relay, shape } = plan
  const elsewhere = relay === undefined ? undefined : listenElsewhere(relay, call.key, { recording, shape })
  let failure: { readonly error: unknown } | undefined

  async function load(context: LoadContext<StoredAnswer>): Promise<StoredAnswer> {
    const none: StoredAnswer = { at: plan.now(), from: 'none' }
    // Whoever had the load before may have ended it, with nothing that is kept, and told so.
    const heard = elsewhere?.catchUp()
    if (heard !== undefined) await heard
    elsewhere?.stop()
    if (recording.done) {
      context.skip()
      return none
    }
    call.begun = true
    call.elsewhere = false
    if (await answerAlike(plan, call, context)) {
      context.skip()
      return none
    }
    context.meta(plan.meta)
    context.tags(...plan.tags())
    const writer = await relay?.begin(call.key)
    try {
      const { answer, kept } = await make(plan, recording, { context, writer })
      await writer?.answered(answer.from === 'generate' ? answer : undefined)
      if (kept === undefined) context.skip()
      else plan.similar?.learn()
      return kept ?? none
    } catch (error) {
      failure = { error }
      // Before the first part there may still be an old answer that the space allows instead.
      if (recording.parts.length > 0) recording.fail(error)
      await tellFailure(writer, context.signal, error)
      throw error
    }
  }

  async function run(): Promise<void> {
    try {
      const options = { signal: recording.left, forceRefresh: plan.regenerate }
      const stored = await handle.getOrLoad(plan.params, load, options)
      if (recording.done || (call.begun && recording.parts.length > 0)) return
      if (failure !== undefined && plan.regenerate) recording.fail(failure.error)
      else if (stored.from === 'none') await callAlone(plan, recording)
      else {
        call.storedAt = stored.at
        finish(recording, { from: stored.from, body: restored(stored.body) }, shape)
      }
    } catch (error) {
      if (failure !== undefined) recording.fail(failure.error)
      else if (recording.left.aborted) {
        // The cache let this caller go; a call that has begun goes on where its space says so.
        if (!call.begun) recording.fail(error)
      } else if (call.begun) recording.fail(error)
      else if (ofLoader(error))
        recording.fail(RepriseError.is(error, 'E_LOADER_FAILED') ? error.cause : error)
      else await callAlone(plan, recording)
    } finally {
      elsewhere?.stop()
    }
  }

  void run()
  return () => {
    if (call.begun || recording.done) return
    call.elsewhere = true
    // Who asks for a new answer does not want one that was begun before.
    if (!plan.regenerate) elsewhere?.follow()
  }
}

/** Calls the model, for the callers here and those who follow elsewhere; `kept` is what may be kept of the answer. */
async function make<Part>(
  plan: CallPlan<Part>,
  recording: Recording<Part, Answer>,
  { context, writer }: { context: LoadContext<StoredAnswer>; writer: RelayWriter | undefined },
): Promise<{ answer: Answer; kept: StoredAnswer | undefined }> {
  const { signal, previous } = context
  const refreshed = previous !== undefined || plan.regenerate
  const pour = pourInto(recording, plan.shape.continuing)
  try {
    const push = (part: Part): void => {
      writer?.push(part)
      pour(part)
    }
    const answer = await untilAborted(plan.call(push, signal), signal)
    const kept = plan.admits(answer) ? toStored(answer, plan.now()) : undefined
    const cost = plan.paid({ answer, refreshed, wanted: kept !== undefined || !recording.left.aborted })
    if (cost !== undefined) context.meta({ ...plan.meta, cost })
    recording.complete(answer)
    return { answer, kept }
  } catch (error) {
    plan.paid({ answer: undefined, refreshed, wanted: false })
    throw error
  }
}

/** Gives the callers the answer to a like question; false where there is none. @throws the load's reason to end */
async function answerAlike<Part>(
  { similar: search, regenerate, shape }: CallPlan<Part>,
  call: DrivenCall<Part>,
  { previous, signal }: LoadContext<StoredAnswer>,
): Promise<boolean> {
  // Who wants a newer answer than the one there is does not want another question's.
  if (search === undefined || regenerate || previous !== undefined) return false
  const found = await search.find(signal)
  signal.throwIfAborted()
  if (found === undefined || found.stored.from === 'none') return false
  const { stored, similar } = found
  call.storedAt = stored.at
  call.similar = similar
  finish(call.recording, { from: found.stored.from, body: restored(stored.body) }, shape)
  return true
}

/** Tells those who follow that the call failed; of one that was ended from here they hear nothing, and take it over. */
async function tellFailure(
  writer: RelayWriter | undefined,
  signal: AbortSignal,
  error: unknown,
): Promise<void> {
  if (signal.aborted && !RepriseError.is(signal.reason, 'E_LOADER_TIMEOUT')) writer?.drop()
  else await writer?.failed(error instanceof Error ? error.message : String(error))
}

/** Calls the model without the cache. */
async function callAlone<Part>(plan: CallPlan<Part>, recording: Recording<Part, Answer>): Promise<void> {
  const pour = pourInto(recording, plan.shape.continuing)
  try {
    const answer = await plan.call(pour, recording.left)
    plan.paid({ answer, refreshed: false, wanted: !recording.left.aborted })
    recording.complete(answer)
  } catch (error) {
    plan.paid({ answer: undefined, refreshed: false, wanted: false })
    recording.fail(error)
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
