import { type BaseChatModelParams, BaseChatModel } from '@langchain/core/language_models/chat_models'
import { AIMessage, AIMessageChunk, type BaseMessage } from '@langchain/core/messages'
import { ChatGenerationChunk, type ChatResult } from '@langchain/core/outputs'
import { beforeEach } from 'vitest'
import { type SharedChatOptions, shareChatModel } from '../src/langchain/chat-model.ts'
import { type Rig, useRig } from './rig.ts'

/** What the stand-in model was asked and answers. */
export interface Manner {
  asked: BaseMessage[][]
  answer: () => AIMessage
  /** Fields of the chunks of its streams, before the last one. */
  pieces: readonly object[]
}

/** A rig with a chat model of LangChain beside the one of the AI SDK, over one cache. */
export interface ChainRig extends Rig {
  readonly manner: Manner
  chain(settings?: object, options?: Partial<SharedChatOptions>): StandInModel
}

/** A rig that is made anew before each test of a file. */
export function useChainRig(): ChainRig {
  const manner: Manner = { asked: [], answer: () => says({}), pieces: [] }
  beforeEach(() => {
    manner.asked = []
    manner.answer = () => says({ content: `answer ${manner.asked.length}` })
    manner.pieces = [{ content: 'one ' }, { content: 'two' }]
  })
  const rig = useRig()
  return Object.assign(rig, {
    manner,
    chain: (settings: object = {}, options: Partial<SharedChatOptions> = {}) =>
      shareChatModel(new StandInModel({ manner, settings }), {
        cache: rig.cache,
        tenant: 'shop',
        provider: 'stand-in',
        onNote: (note) => rig.notes.push(note),
        ...options,
      }),
  })
}

export const told = { finish_reason: 'stop', model_name: 'm-1-2026' }
export const paid = { input_tokens: 10, output_tokens: 5, total_tokens: 15 }
export const nothing = { input_tokens: 0, output_tokens: 0, total_tokens: 0 }
/** A message of a model; the class leaves `usage_metadata` out of its own types. */
export const says = (fields: object): AIMessage => {
  const all: object = { id: 'msg-1', response_metadata: told, usage_metadata: paid, ...fields }
  return new AIMessage(all)
}
export const tokensOf = (message: object): number | undefined =>
  (message as { usage_metadata?: { total_tokens: number } }).usage_metadata?.total_tokens

/** A model that sends what OpenAI's chat completions take. */
export class StandInModel extends BaseChatModel {
  readonly manner: Manner
  readonly settings: object
  readonly model = 'm-1'
  constructor({
    manner,
    settings = {},
    ...params
  }: BaseChatModelParams & { manner: Manner; settings?: object }) {
    super(params)
    this.manner = manner
    this.settings = settings
  }
  override _llmType(): string {
    return 'stand-in'
  }
  override invocationParams(options: Record<string, unknown>): object {
    const { stop, tools, tool_choice, response_format } = options
    return { model: this.model, stream: false, ...this.settings, stop, tools, tool_choice, response_format }
  }
  override async _generate(messages: BaseMessage[]): Promise<ChatResult> {
    this.manner.asked.push(messages)
    const message = this.manner.answer()
    return { generations: [{ text: message.text, message, generationInfo: {} }] }
  }
  override async *_streamResponseChunks(messages: BaseMessage[]): AsyncGenerator<ChatGenerationChunk> {
    this.manner.asked.push(messages)
    const end: object = { content: '', response_metadata: told, usage_metadata: paid }
    for (const piece of [...this.manner.pieces, end]) {
      const message = new AIMessageChunk({ content: '', ...piece })
      yield new ChatGenerationChunk({ text: message.text, message })
    }
  }
}

export const user = (...content: object[]) => ({ role: 'user' as const, content: content as never })
export const hello = user({ type: 'text', text: 'hello' })
export const schema = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
} as const
export const openaiTool = {
  type: 'function',
  function: { name: 'weather', description: 'Of a city', parameters: schema },
}
export const sdkTool = {
  type: 'function' as const,
  name: 'weather',
  description: 'Of a city',
  inputSchema: schema,
}
