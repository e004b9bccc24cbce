import type { Cache } from '@reprise/cache'
import { type RecognitionResult, intentRecognitionSpace } from '../catalog/recognition.ts'
import { inputHash } from '../recognise/fingerprint.ts'
import type { FoundSlot, Recogniser, Recognition, RecognitionRequest } from '../recognise/recogniser.ts'

/** A recognition as it is kept (document 3.1). */
export type Understanding = RecognitionResult & { readonly slots: Readonly<Record<string, FoundSlot>> }

/** Recognises sentences through the `intent_recognition` space. */
export type Understand = (
  request: RecognitionRequest,
  userId: string,
  contextUsed: ContextUsed,
) => Promise<Understanding>

/** Which parts of the context a recognition could see. */
export interface ContextUsed {
  readonly user_preferences: boolean
  readonly conversation_history: boolean
  readonly business_context: boolean
}

// An answer to a question is short; a longer sentence is first taken by itself, so that it is found in the cache
// whatever the session was waiting for.
const shortAnswer = 8

/**
 * Makes the cached reading of sentences (row A4). The key is a hash of all that the answer depends on, so processes
 * share results, and 明天 said tomorrow is read again.
 */
export function createUnderstand(cache: Cache, recogniser: Recogniser, now: () => Date): Understand {
  const space = cache.open(intentRecognitionSpace)

  async function lookUp(
    request: RecognitionRequest,
    userId: string,
    contextUsed: ContextUsed,
  ): Promise<Understanding> {
    const { signal: caller, ...rest } = request
    const hash = inputHash(recogniser, rest)
    const load = async (signal: AbortSignal): Promise<RecognitionResult> => {
      const began = performance.now()
      const recognition = await recogniser.recognise({ ...rest, signal })
      return {
        ...toResult(recognition),
        input_text: request.text,
        input_hash: hash,
        user_id: userId,
        processing_time_ms: Math.round((performance.now() - began) * 100) / 100,
        cached_at: now().toISOString(),
        context_used: { ...contextUsed },
      }
    }
    const result = await space.getOrLoad(
      { input_hash: hash, user_id: userId },
      async (context) => {
        const loaded = await load(context.signal)
        context.meta({ model: loaded.llm_model ?? 'embedded', strategy: recogniser.name })
        // What stood in for a model that was away is not kept: the model is asked again next time.
        if (loaded.llm_model === 'embedded' && recogniser.name !== 'embedded') context.skip()
        return loaded
      },
      caller === undefined ? {} : { signal: caller },
    )
    return result as Understanding
  }

  return async (request, userId, contextUsed) => {
    const { awaited, ...alone } = request
    if (awaited !== undefined && request.text.length > shortAnswer) {
      const result = await lookUp(alone, userId, contextUsed)
      if (result.intent !== null && result['only_values'] !== true) return result
    }
    return lookUp(request, userId, contextUsed)
  }
}

function toResult(
  recognition: Recognition,
): Pick<RecognitionResult, 'intent' | 'slots' | 'confidence' | 'llm_model' | 'candidates'> {
  const { intent, slots, confidence, model, onlyValues, candidates = [] } = recognition
  return {
    intent,
    slots: Object.fromEntries(Object.entries(slots).map(([name, slot]) => [name, { ...slot }])),
    confidence,
    llm_model: model,
    ...(onlyValues ? { only_values: true } : {}),
    ...(candidates.length === 0
      ? {}
      : { candidates: candidates.map((one) => ({ ...one, slots: { ...one.slots } })) }),
  }
}
