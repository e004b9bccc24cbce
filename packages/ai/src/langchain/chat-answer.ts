import type { AIMessage, AIMessageFields, BaseMessage, UsageMetadata } from '@langchain/core/messages'
import type { ChatGeneration } from '@langchain/core/outputs'
import { type GenerateResult, type Part, type Usage, noUsage } from '../ai-sdk/model.ts'
import { blocksOf, isCall } from './chat-messages.ts'
import {
  type StoredGeneration,
  factsOfGeneration,
  finishReasonOf,
  reviveGenerations,
  storeGenerations,
} from './generations.ts'

/** What an answer that LangChain made has of itself, for callers of LangChain: its generation, as it was. */
const own = 'langchain'

/** A generation as a result of the AI SDK; what has no name there travels with it. */
export function resultOf(generation: ChatGeneration): GenerateResult {
  const { id, response_metadata: told } = generation.message
  const modelId = told['model_name'] ?? told['model']
  return {
    content: contentOf(generation.message),
    finishReason: { unified: factsOfGeneration(generation).finishReason, raw: finishReasonOf(generation) },
    usage: usageOf(generation.message),
    response: { ...(id === undefined ? {} : { id }), ...(modelId === undefined ? {} : { modelId }) },
    providerMetadata: { [own]: storeGenerations([generation])[0] },
    warnings: [],
  }
}

function contentOf(message: BaseMessage): Part[] {
  const { tool_calls: calls = [] } = message as AIMessage
  const reasoning = message.additional_kwargs['reasoning_content']
  return [
    ...(typeof reasoning === 'string' && reasoning !== '' ? [{ type: 'reasoning', text: reasoning }] : []),
    ...blocksOf(message.content).flatMap((block): Part[] => {
      if (isCall(block['type'])) return []
      if (block['type'] === 'text') return [{ type: 'text', text: String(block['text']) }]
      const { reasoning: thought } = block
      return typeof thought === 'string' ? [{ type: 'reasoning', text: thought }] : []
    }),
    ...calls.map(({ id = '', name, args }) => ({
      type: 'tool-call',
      toolCallId: id,
      toolName: name,
      input: JSON.stringify(args),
    })),
  ]
}

/** Whether everything that a message says can be said in the words of the AI SDK. */
export function isSayable(message: BaseMessage): boolean {
  const { invalid_tool_calls: broken = [] } = message as AIMessage
  const known = blocksOf(message.content).every(
    ({ type, reasoning }) => type === 'text' || isCall(type) || typeof reasoning === 'string',
  )
  return known && broken.length === 0
}

function usageOf(message: BaseMessage): Usage {
  // The class leaves it out of its own types.
  const { usage_metadata: told } = message as { usage_metadata?: UsageMetadata }
  if (told === undefined) return noUsage
  const { input_token_details: input, output_token_details: output } = told
  const [cacheRead = 0, cacheWrite = 0] = [input?.cache_read, input?.cache_creation]
  const reasoning = output?.reasoning ?? 0
  return {
    inputTokens: {
      total: told.input_tokens,
      noCache: told.input_tokens - cacheRead - cacheWrite,
      cacheRead,
      cacheWrite,
    },
    outputTokens: { total: told.output_tokens, text: told.output_tokens - reasoning, reasoning },
  }
}

/** A result as a generation: the one that it was, where LangChain made it. Nothing was paid for it. */
export async function generationOf(result: GenerateResult): Promise<ChatGeneration> {
  const { providerMetadata: { [own]: stored, ...metadata } = {} } = result
  const told = { ...metadata, reprise: result.providerMetadata?.['reprise'] }
  if (stored !== undefined) {
    const [generation] = await reviveGenerations([stored as StoredGeneration])
    const { message } = generation as ChatGeneration
    message.response_metadata = { ...message.response_metadata, ...told }
    return generation as ChatGeneration
  }
  const { AIMessage: Message } = await import('@langchain/core/messages')
  const nothing = { input_tokens: 0, output_tokens: 0, total_tokens: 0 }
  const fields: object = { ...fieldsOf(result, told), usage_metadata: nothing }
  const message = new Message(fields)
  return { text: message.text, message }
}

/** The fields of a message that says what a result says. */
export function fieldsOf(
  result: GenerateResult,
  metadata: object,
): AIMessageFields & { readonly response_metadata: Record<string, unknown> } {
  const { content, finishReason, response } = result
  const texts = (type: string): string =>
    content.map((part) => (part.type === type ? String(part['text']) : '')).join('')
  const other = content.filter(({ type }) => !['text', 'reasoning', 'tool-call'].includes(type))
  const reasoning = texts('reasoning')
  return {
    content: texts('text'),
    tool_calls: content
      .filter(({ type }) => type === 'tool-call')
      .map((part) => ({
        type: 'tool_call',
        id: String(part['toolCallId']),
        name: String(part['toolName']),
        args: JSON.parse(String(part['input'] === '' ? '{}' : part['input'])) as Record<string, unknown>,
      })),
    additional_kwargs: reasoning === '' ? {} : { reasoning_content: reasoning },
    response_metadata: {
      finish_reason: finishReason.raw ?? finishReason.unified,
      ...(response?.['modelId'] === undefined ? {} : { model_name: response['modelId'] }),
      // Files and sources, as the AI SDK has them.
      ...(other.length === 0 ? {} : { parts: other }),
      ...metadata,
    },
    ...(typeof response?.['id'] === 'string' ? { id: response['id'] } : {}),
  }
}
