import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { type LanguageModel, Output, generateText } from 'ai'
import type { RecognisedIntent } from '../catalog/recognition.ts'
import { dayIn, dayText, readDay } from './calendar.ts'
import { modelSystem, modelSentence, recognitionSchema } from './model-prompt.ts'
import type { FoundSlot, Recogniser, Recognition, RecognitionRequest } from './recogniser.ts'

/** How the model is reached. */
export interface ModelOptions {
  /** Base address of an OpenAI-compatible service, such as `http://127.0.0.1:11434/v1`. */
  readonly baseUrl: string
  readonly apiKey?: string | undefined
  readonly model: string
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
 * possible in its answer. On any failure the fallback answers, and the result says so by its `model`.
 */
export function createModelRecogniser(options: ModelOptions): Recogniser {
  const { model: name, timeout = 15_000, fallback, onFailure = () => undefined } = options
  const provider = createOpenAICompatible({
    name: 'llm',
    baseURL: options.baseUrl,
    supportsStructuredOutputs: true,
    ...(options.apiKey === undefined ? {} : { apiKey: options.apiKey }),
  })
  const model = provider.chatModel(name)
  return {
    name: `llm:${name}`,
    usesHistory: true,
    async recognise(request) {
      try {
        return await ask(model, { name, timeout }, request)
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
  const intent = request.knowledge.intents.find(({ intent_name }) => intent_name === output.intent)
  const sure = intent !== undefined && output.confidence >= intent.confidence_threshold
  const recognised: RecognisedIntent | null = sure
    ? {
        id: intent.id,
        intent_name: intent.intent_name,
        display_name: intent.display_name,
        confidence: output.confidence,
      }
    : null
  const slots: Record<string, FoundSlot> = {}
  for (const { name: slotName, value, original_text } of output.slots) {
    const slot = sure ? intent.slots.find(({ slot_name }) => slot_name === slotName) : undefined
    if (slot === undefined || value === '') continue
    slots[slotName] = {
      value: slot.slot_type === 'DATE' ? original_text : value,
      ...meaning(request, slot.entity_type, value),
      confidence: output.confidence,
      source: 'llm',
      original_text,
      is_validated: slot.slot_type === 'DATE' && readDay(value) !== undefined,
    }
  }
  return {
    intent: recognised,
    confidence: output.confidence,
    slots,
    onlyValues: output.only_values,
    model: name,
  }
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
