import type { AIMessageChunk } from '@langchain/core/messages'
import type { ChatGenerationChunk } from '@langchain/core/outputs'
import type { GenerateResult, Part } from '../ai-sdk/model.ts'
import { resultOf as gatheredResult } from '../ai-sdk/parts.ts'
import { fieldsOf, isSayable, resultOf } from './chat-answer.ts'
import { blocksOf } from './chat-messages.ts'

/** Reads the chunks of a model as the parts of a stream; the last ones are made of all of them together. */
export async function recordChunks(
  chunks: AsyncIterable<ChatGenerationChunk>,
  push: (part: Part) => void,
): Promise<{ readonly parts: readonly Part[]; readonly sayable: boolean }> {
  const { AIMessage } = await import('@langchain/core/messages')
  const parts: Part[] = []
  let open: string | undefined
  let whole: ChatGenerationChunk | undefined
  const give = (part: Part): void => {
    parts.push(part)
    push(part)
  }
  const turnTo = (kind: string | undefined): void => {
    if (open === kind) return
    if (open !== undefined) give({ type: `${open}-end`, id: open })
    if (kind !== undefined) give({ type: `${kind}-start`, id: kind })
    open = kind
  }
  give({ type: 'stream-start', warnings: [] })
  for await (const chunk of chunks) {
    whole = whole === undefined ? chunk : whole.concat(chunk)
    for (const [kind, delta] of textsOf(chunk)) {
      turnTo(kind)
      give({ type: `${kind}-delta`, id: kind, delta })
    }
  }
  turnTo(undefined)
  if (whole === undefined) return { parts, sayable: false }
  const { message, generationInfo } = whole
  const {
    id,
    content,
    additional_kwargs,
    response_metadata,
    tool_calls,
    invalid_tool_calls,
    usage_metadata,
  } = message as AIMessageChunk
  const fields = {
    content,
    additional_kwargs,
    response_metadata: { ...generationInfo, ...response_metadata },
    tool_calls: tool_calls ?? [],
    invalid_tool_calls: invalid_tool_calls ?? [],
    ...(usage_metadata === undefined ? {} : { usage_metadata }),
    ...(id === undefined ? {} : { id }),
  }
  const said = new AIMessage(fields)
  const {
    content: gathered,
    response,
    finishReason,
    usage,
    providerMetadata,
  } = resultOf({
    text: said.text,
    message: said,
  })
  for (const part of gathered) if (part.type === 'tool-call') give(part)
  if (response !== undefined && Object.keys(response).length > 0)
    give({ type: 'response-metadata', ...response })
  give({ type: 'finish', finishReason, usage, providerMetadata })
  return { parts, sayable: isSayable(said) }
}

type Delta = readonly [kind: 'text' | 'reasoning', delta: string]

function textsOf({ message }: ChatGenerationChunk): readonly Delta[] {
  const thought = message.additional_kwargs['reasoning_content']
  const deltas: Delta[] = []
  if (typeof thought === 'string' && thought !== '') deltas.push(['reasoning', thought])
  for (const { type, text, reasoning } of blocksOf(message.content)) {
    if (type === 'text' && typeof text === 'string' && text !== '') deltas.push(['text', text])
    else if (typeof reasoning === 'string' && reasoning !== '') deltas.push(['reasoning', reasoning])
  }
  return deltas
}

/** The chunks of a stream that others may have made; `told` marks its end and takes its usage where it was not paid for. */
export async function* chunksOf(
  parts: ReadableStream<Part>,
  told: (finish: Part) => Part,
): AsyncGenerator<ChatGenerationChunk> {
  const [{ AIMessageChunk: Chunk }, { ChatGenerationChunk: Generation }] = await Promise.all([
    import('@langchain/core/messages'),
    import('@langchain/core/outputs'),
  ])
  const make = (fields: object): ChatGenerationChunk => {
    const message = new Chunk({ content: '', ...fields })
    return new Generation({ text: message.text, message })
  }
  let calls = 0
  for await (const part of parts) {
    switch (part.type) {
      case 'text-delta':
        yield make({ content: part['delta'] })
        break
      case 'reasoning-delta':
        yield make({ additional_kwargs: { reasoning_content: part['delta'] } })
        break
      case 'tool-call':
        yield make({
          tool_call_chunks: [
            {
              type: 'tool_call_chunk',
              id: part['toolCallId'],
              name: part['toolName'],
              args: part['input'],
              index: calls,
            },
          ],
        })
        calls += 1
        break
      case 'response-metadata':
        if (typeof part['id'] === 'string') yield make({ id: part['id'] })
        break
      case 'error':
        throw part['error']
      case 'finish':
        yield make(endOf(told(part)))
        break
      default:
    }
  }
}

/** What the last chunk tells: figures and metadata. */
function endOf(finish: Part): object {
  const result: GenerateResult = gatheredResult([finish])
  const { langchain, ...metadata } = { ...result.providerMetadata }
  const before = langchain as { message?: { data: { [name: string]: unknown } } } | undefined
  const { reasoning_content: _said, ...kwargs } = {
    ...(before?.message?.data['additional_kwargs'] as object | undefined),
  } as Record<string, unknown>
  const { inputTokens, outputTokens } = result.usage
  const [input, output] = [inputTokens.total ?? 0, outputTokens.total ?? 0]
  const {
    tokenUsage: _tokens,
    usage: _usage,
    ...response
  } = {
    ...(before?.message?.data['response_metadata'] as object | undefined),
  } as Record<string, unknown>
  return {
    additional_kwargs: kwargs,
    response_metadata: { ...fieldsOf(result, metadata).response_metadata, ...response },
    usage_metadata: { input_tokens: input, output_tokens: output, total_tokens: input + output },
  }
}
