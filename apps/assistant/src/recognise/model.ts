import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { type LanguageModel, Output, generateText } from 'ai'
import type { z } from 'zod'
import type { IntentConfig } from '../catalog/intent.ts'
import type { RecognisedIntent } from '../catalog/recognition.ts'
import { dayIn, dayText, readDay } from './calendar.ts'
import { modelSystem, modelSentence, recognitionSchema } from './model-prompt.ts'
import type { Candidate, FoundSlot, Recogniser, Recognition, RecognitionRequest } from './recogniser.ts'

/** How the model is reached. */
export interface ModelOptions {
  /** Base address of an OpenAI-compatible service, such as `http://127.0.0.1:11434/v1`. */
  readonly baseUrl: string
  readonly apiKey?: string | undefined
  /** Its name, or who knows it: asked for each sentence. */
  readonly model: string | (() => Promise<string>)
  /** How long an answer is waited for, in milliseconds. @default 15 000 */
  readonly timeout?: number
  /** Who answers when the model fails, is late, or makes no sense. */
  readonly fallback: Recogniser
  /** Hears why the fallback answered. */
  readonly onFailure?: (error: unknown) => void
}

/** Thrown away quietly: the caller left, so nobody needs a fallback. */
function isLeaving(request: RecognitionRequest): boolean {
  return request.signal?.aborted === true
}

/**
 * The recogniser that asks a language model (AI SDK 6, structured output): only intents and slots of the knowledge are
 * possible in its answer; where a sentence may mean several, it names them. On any failure the fallback answers, and the result says so by its `model`.
 */
export function createModelRecogniser(options: ModelOptions): Recogniser {
  const { model: named, timeout = 15_000, fallback, onFailure = () => undefined } = options
  const provider = createOpenAICompatible({
    name: 'llm',
    baseURL: options.baseUrl,
    supportsStructuredOutputs: true,
    ...(options.apiKey === undefined ? {} : { apiKey: options.apiKey }),
  })
  return {
    name: typeof named === 'string' ? `llm:${named}` : 'llm',
    usesHistory: true,
    prepare: (knowledge) => fallback.prepare?.(knowledge),
    async recognise(request) {
      try {
        const name = typeof named === 'string' ? named : await named()
        return await ask(provider.chatModel(name), { name, timeout }, request)
      } catch (error) {
        if (isLeaving(request)) throw error
        onFailure(error)
        return fallback.recognise(request)
      }
    },
  }
}

async function ask(
  model: LanguageModel,
  { name, timeout }: { name: string; timeout: number },
  request: RecognitionRequest,
): Promise<Recognition> {
  const late = AbortSignal.timeout(timeout)
  const { output } = await generateText({
    model,
    output: Output.object({ schema: recognitionSchema(request.knowledge), name: 'recognition' }),
    system: modelSystem(request.knowledge, dayText(dayIn(request.now, request.timezone))),
    prompt: modelSentence(request),
    maxRetries: 1,
    temperature: 0,
    abortSignal: request.signal === undefined ? late : AbortSignal.any([late, request.signal]),
  })
  const named = new Map<string, number>()
  for (const one of [{ intent: output.intent, confidence: output.confidence }, ...output.others]) {
    if (!named.has(one.intent)) named.set(one.intent, one.confidence)
  }
  const candidates = request.knowledge.intents
    .flatMap((intent): Candidate[] => {
      const confidence = named.get(intent.intent_name)
      if (confidence === undefined) return []
      const { id, intent_name, display_name } = intent
      return [{ id, intent_name, display_name, confidence, slots: slotsFor(intent, output, request) }]
    })
    .toSorted((a, b) => b.confidence - a.confidence)
  const [best] = candidates
  const known = request.knowledge.intents.find(({ intent_name }) => intent_name === best?.intent_name)
  const sure = best !== undefined && best.confidence >= (known?.confidence_threshold ?? 1)
  const { slots, ...recognised } = best ?? { slots: {} }
  return {
    intent: sure ? (recognised as RecognisedIntent) : null,
    confidence: best?.confidence ?? output.confidence,
    slots: sure ? slots : {},
    onlyValues: output.only_values,
    model: name,
    ...(output.only_values || candidates.length < 2 ? {} : { candidates }),
  }
}

/** The values that the model found for the slots of one intent. */
function slotsFor(
  intent: IntentConfig,
  output: z.output<ReturnType<typeof recognitionSchema>>,
  request: RecognitionRequest,
): Readonly<Record<string, FoundSlot>> {
  const slots: Record<string, FoundSlot> = {}
  for (const { name, value, original_text } of output.slots) {
    const slot = intent.slots.find(({ slot_name }) => slot_name === name)
    if (slot === undefined || value === '') continue
    slots[name] = {
      value: slot.slot_type === 'DATE' ? original_text : value,
      ...meaning(request, slot.entity_type, value),
      confidence: output.confidence,
      source: 'llm',
      original_text,
      is_validated: slot.slot_type === 'DATE' && readDay(value) !== undefined,
    }
  }
  return slots
}

/** A value by its dictionary, whichever of its names the model chose. */
function meaning(
  { knowledge }: RecognitionRequest,
  type: string | undefined,
  value: string,
): Pick<FoundSlot, 'normalized_value' | 'canonical_form'> {
  const dictionary = knowledge.dictionaries.find(({ entity_type_code }) => entity_type_code === type)
  const entity = Object.values(dictionary?.entities ?? {}).find(({ entity_value, canonical_form, aliases }) =>
    [entity_value, canonical_form, ...aliases].some((text) => text.toLowerCase() === value.toLowerCase()),
  )
  if (entity === undefined) return { normalized_value: value }
  return { normalized_value: entity.entity_value, canonical_form: entity.canonical_form }
}
