import type { Generation } from '@langchain/core/outputs'
import type { BaseMessage, StoredMessage } from '@langchain/core/messages'
import type { AnswerFacts } from '../admission.ts'

/** A generation as it is kept: everything of its message, and what the model said of it. */
export interface StoredGeneration {
  readonly text: string
  readonly generationInfo?: Readonly<Record<string, unknown>> | undefined
  readonly message?: StoredMessage | undefined
}

type WithMessage = Generation & { message?: BaseMessage }

/** Members of metadata that tell what was paid: of a hit nothing was. */
const usage = new Set(['usage', 'tokenUsage', 'estimatedTokenUsage', 'token_usage', 'usage_metadata'])
const nothing = { input_tokens: 0, output_tokens: 0, total_tokens: 0 }

/** Generations as data. */
export function storeGenerations(generations: readonly WithMessage[]): StoredGeneration[] {
  return generations.map(({ text, generationInfo, message }) => ({
    text,
    ...(generationInfo === undefined ? {} : { generationInfo }),
    ...(message === undefined ? {} : { message: message.toDict() }),
  }))
}

/** The generations that were kept, as LangChain knows them, with messages of their own class and no usage. */
export async function reviveGenerations(stored: readonly StoredGeneration[]): Promise<Generation[]> {
  const { mapStoredMessageToChatMessage } = await import('@langchain/core/messages')
  return stored.map(({ text, generationInfo, message }): WithMessage => {
    const revived = message === undefined ? undefined : mapStoredMessageToChatMessage(message)
    if (revived !== undefined) {
      revived.response_metadata = withoutUsage(revived.response_metadata)
      if ('usage_metadata' in revived) Object.assign(revived, { usage_metadata: nothing })
    }
    return {
      text,
      ...(generationInfo === undefined ? {} : { generationInfo: withoutUsage(generationInfo) }),
      ...(revived === undefined ? {} : { message: revived }),
    }
  })
}

function withoutUsage(metadata: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(metadata).filter(([name]) => !usage.has(name)))
}

/** Reasons to end, as providers name them, in the words of the admission. */
const reasons: Readonly<Record<string, string>> = {
  stop: 'stop',
  end_turn: 'stop',
  stop_sequence: 'stop',
  eos: 'stop',
  completed: 'stop',
  tool_calls: 'tool-calls',
  tool_use: 'tool-calls',
  function_call: 'tool-calls',
  length: 'length',
  max_tokens: 'length',
  max_output_tokens: 'length',
  model_length: 'length',
  content_filter: 'content-filter',
  safety: 'content-filter',
  refusal: 'content-filter',
  error: 'error',
}

/** The reason to end that a model named, as it named it. */
export function finishReasonOf({ generationInfo, message }: WithMessage): string | undefined {
  const metadata: Readonly<Record<string, unknown>> = { ...generationInfo, ...message?.response_metadata }
  return ['finish_reason', 'finishReason', 'stop_reason', 'stopReason', 'done_reason']
    .map((name) => metadata[name])
    .find((value): value is string => typeof value === 'string' && value !== '')
}

/** What a generation is judged by. A model that names no reason for its end is taken to have come to it. */
export function factsOfGeneration(generation: WithMessage): AnswerFacts {
  const { text, message } = generation
  const ended = (finishReasonOf(generation) ?? 'stop').toLowerCase()
  const calls = (message as { tool_calls?: readonly { name: string; args: unknown }[] } | undefined)
    ?.tool_calls
  return {
    complete: true,
    finishReason: Object.hasOwn(reasons, ended) ? (reasons[ended] as string) : 'other',
    text,
    toolCalls: (calls ?? []).map(({ name, args }) => ({ name, input: JSON.stringify(args) })),
    other: Array.isArray(message?.content) && message.content.some(({ type }) => type !== 'text'),
  }
}
