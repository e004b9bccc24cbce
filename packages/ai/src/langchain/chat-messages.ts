import type { AIMessage, BaseMessage, ToolMessage } from '@langchain/core/messages'

type Block = Readonly<Record<string, unknown>>

/**
 * Messages of LangChain.js as the AI SDK writes them, so that both have one key. What the AI SDK has no name for stays as
 * it is, and makes a key of its own.
 */
export function promptOf(messages: readonly BaseMessage[]): readonly object[] {
  const prompt: { role: string; content: unknown }[] = []
  const names = new Map<string, string>()
  for (const message of messages) {
    const made = messageOf(message, names)
    const last = prompt.at(-1)
    // Results of several tools are one message there.
    if (made.role === 'tool' && last?.role === 'tool')
      last.content = [...(last.content as object[]), ...(made.content as object[])]
    else prompt.push(made)
  }
  return prompt
}

function messageOf(message: BaseMessage, names: Map<string, string>): { role: string; content: unknown } {
  const own = ownOf(message)
  switch (message.getType()) {
    case 'system':
      return { role: 'system', content: plainText(message.content), ...own }
    case 'human':
      return { role: 'user', content: blocksOf(message.content).map(partOf), ...own }
    case 'ai': {
      const { tool_calls: calls = [] } = message as AIMessage
      for (const { id = '', name } of calls) names.set(id, name)
      return {
        role: 'assistant',
        content: [
          ...reasoningOf(message),
          ...blocksOf(message.content)
            .filter(({ type }) => !isCall(type))
            .map(partOf),
          ...calls.map(({ id, name, args }) => ({
            type: 'tool-call',
            toolCallId: id,
            toolName: name,
            input: args,
          })),
        ],
        ...own,
      }
    }
    case 'tool': {
      const { tool_call_id: id, name, status, content } = message as ToolMessage
      const value = plainText(content)
      const type = status === 'error' ? 'error-text' : 'text'
      const output = typeof value === 'string' ? { type, value } : { type: 'content', value }
      return {
        role: 'tool',
        content: [{ type: 'tool-result', toolCallId: id, toolName: name ?? names.get(id), output }],
      }
    }
    default:
      return { role: message.getType(), content: message.content, ...own }
  }
}

/** What a message says besides its content, where it may reach the model. */
function ownOf({ name, additional_kwargs: kwargs, response_metadata: told }: BaseMessage): object {
  const { tool_calls: _calls, reasoning_content: _reasoning, ...rest } = kwargs
  const extra = Object.entries({ name, ...rest, output: told['output'] }).filter(
    ([, value]) => value !== undefined && value !== null,
  )
  return extra.length === 0 ? {} : { providerOptions: { langchain: Object.fromEntries(extra) } }
}

function reasoningOf({ additional_kwargs: kwargs }: BaseMessage): readonly object[] {
  const text = kwargs['reasoning_content']
  return typeof text === 'string' && text !== '' ? [{ type: 'reasoning', text }] : []
}

/** Content as a list of blocks; text without any is none. */
export function blocksOf(content: BaseMessage['content']): readonly Block[] {
  if (typeof content !== 'string') return content
  return content === '' ? [] : [{ type: 'text', text: content }]
}

/** One text, or blocks where there is more. */
function plainText(content: BaseMessage['content']): unknown {
  if (typeof content === 'string') return content
  const blocks = blocksOf(content)
  return blocks.every(({ type }) => type === 'text')
    ? blocks.map(({ text }) => String(text)).join('')
    : blocks.map(partOf)
}

/** Whether a block repeats a call that the message tells of. */
export function isCall(type: unknown): boolean {
  return type === 'tool_use' || type === 'tool_call' || type === 'function_call'
}

function partOf(block: Block): object {
  const { type } = block
  if (type === 'text') return Object.keys(block).length === 2 ? block : { ...block }
  if (type === 'reasoning' && typeof block['reasoning'] === 'string')
    return { type, text: block['reasoning'] }
  if (type === 'image_url') {
    const image = block['image_url']
    const { url, ...rest } = typeof image === 'string' ? { url: image } : (image as Block)
    return fileOf('image', { ...rest, url })
  }
  if (type === 'image' || type === 'audio' || type === 'file') {
    const { type: _type, source_type: _source, mime_type, mimeType, id: _id, ...rest } = block
    return fileOf(type, { ...rest, mediaType: mimeType ?? mime_type })
  }
  return block
}

/** A file as the AI SDK has it: its bytes or where it is, and what it is. */
function fileOf(kind: string, { url, data = url, mediaType, ...rest }: Block): object {
  const told = typeof data === 'string' ? /^data:([^;,]+)/.exec(data)?.[1] : undefined
  const usual = kind === 'file' ? 'application/octet-stream' : `${kind}/*`
  return { type: 'file', mediaType: mediaType ?? told ?? usual, data, ...rest }
}
