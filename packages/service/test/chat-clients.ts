import { createOpenAI as createOpenAI6 } from '@ai-sdk/openai'
import {
  AIMessage,
  type BaseMessage,
  HumanMessage,
  SystemMessage,
  ToolMessage,
} from '@langchain/core/messages'
import { ChatOpenAI } from '@langchain/openai'
import * as sdk6 from 'ai'
import * as sdk7 from 'ai-7'
import { createOpenAI as createOpenAI7 } from 'ai-sdk-openai-7'
import OpenAI from 'openai'

/** One turn of a conversation: what was asked, said, called or told. */
export type Turn =
  | { readonly user: string; readonly image?: Buffer }
  | { readonly model: string }
  | { readonly call: string; readonly input: object }
  | { readonly told: string; readonly call: string }

/** A request that every library can make. */
export interface Conversation {
  readonly instructions?: string
  readonly turns: readonly Turn[]
  /** The schema of the input of `weather`, a tool. */
  readonly weather?: object
  /** The schema of the answer. */
  readonly schema?: object
  readonly settings?: {
    readonly temperature: number
    readonly topP: number
    readonly maxTokens: number
    readonly seed: number
    readonly end: string
  }
}

/** Where a client sends its requests, and whose they are. */
export interface Place {
  readonly baseURL: string
  readonly apiKey: string
  readonly headers: Readonly<Record<string, string>>
}

/** Asks through one library, streamed or not; gives the text of the answer. */
type Ask = (place: Place, conversation: Conversation, streams: boolean) => Promise<string>

const model = 'gpt-4o'
const dataUrl = (image: Buffer): string => `data:image/png;base64,${image.toString('base64')}`

function openaiTool(parameters: object) {
  return {
    type: 'function' as const,
    function: { name: 'weather', description: 'Of a city', parameters: { ...parameters } },
  }
}

function openaiFormat(schema: object) {
  return {
    type: 'json_schema' as const,
    json_schema: { name: 'response', strict: true, schema: { ...schema } },
  }
}

const askOpenai: Ask = async (
  { baseURL, apiKey, headers },
  { instructions, turns, settings, weather, schema },
  streams,
) => {
  const client = new OpenAI({ baseURL, apiKey, defaultHeaders: { ...headers }, maxRetries: 0 })
  const messages = turns.map((turn): OpenAI.ChatCompletionMessageParam => {
    if ('user' in turn) {
      if (turn.image === undefined) return { role: 'user', content: turn.user }
      const url = dataUrl(turn.image)
      return {
        role: 'user',
        content: [
          { type: 'text', text: turn.user },
          { type: 'image_url', image_url: { url } },
        ],
      }
    }
    // As the API returned it.
    if ('model' in turn) return { role: 'assistant', content: turn.model, refusal: null }
    if ('told' in turn) return { role: 'tool', tool_call_id: turn.call, content: turn.told }
    const made = { name: 'weather', arguments: JSON.stringify(turn.input) }
    return { role: 'assistant', tool_calls: [{ id: turn.call, type: 'function', function: made }] }
  })
  const body = {
    model,
    messages: [
      ...(instructions === undefined ? [] : [{ role: 'system' as const, content: instructions }]),
      ...messages,
    ],
    ...(weather === undefined ? {} : { tools: [openaiTool(weather)] }),
    ...(schema === undefined ? {} : { response_format: openaiFormat(schema) }),
    ...(settings === undefined
      ? {}
      : {
          temperature: settings.temperature,
          top_p: settings.topP,
          max_completion_tokens: settings.maxTokens,
          seed: settings.seed,
          stop: settings.end,
        }),
  }
  const answer = streams
    ? await client.chat.completions.stream(body).finalChatCompletion()
    : await client.chat.completions.create(body)
  return answer.choices[0]?.message.content ?? ''
}

/** What both majors of the AI SDK have in common here. */
interface Sdk {
  readonly instructions: 'system' | 'instructions'
  model(place: Place): unknown
  generate(options: object): PromiseLike<{ readonly text: string }>
  stream(options: object): { readonly text: PromiseLike<string> }
  tool(schema: object): unknown
  output(schema: object): unknown
}

const six: Sdk = {
  instructions: 'system',
  model: (place) => createOpenAI6({ ...place }).chat(model),
  generate: (options) => sdk6.generateText(options as Parameters<typeof sdk6.generateText>[0]),
  stream: (options) => sdk6.streamText(options as Parameters<typeof sdk6.streamText>[0]),
  tool: (schema) => sdk6.tool({ description: 'Of a city', inputSchema: sdk6.jsonSchema(schema) }),
  output: (schema) => sdk6.Output.object({ schema: sdk6.jsonSchema(schema) }),
}

const seven: Sdk = {
  instructions: 'instructions',
  model: (place) => createOpenAI7({ ...place }).chat(model),
  generate: (options) => sdk7.generateText(options as Parameters<typeof sdk7.generateText>[0]),
  stream: (options) => sdk7.streamText(options as Parameters<typeof sdk7.streamText>[0]),
  tool: (schema) => sdk7.tool({ description: 'Of a city', inputSchema: sdk7.jsonSchema(schema) }),
  output: (schema) => sdk7.Output.object({ schema: sdk7.jsonSchema(schema) }),
}

function askSdk(sdk: Sdk): Ask {
  return async (place, { instructions, turns, settings, weather, schema }, streams) => {
    const messages = turns.map((turn) => {
      if ('user' in turn) {
        if (turn.image === undefined) return { role: 'user', content: turn.user }
        const file = { type: 'file', mediaType: 'image/png', data: turn.image }
        return { role: 'user', content: [{ type: 'text', text: turn.user }, file] }
      }
      if ('model' in turn) return { role: 'assistant', content: turn.model }
      const call = { toolCallId: turn.call, toolName: 'weather' }
      if ('told' in turn) {
        const output = { type: 'text', value: turn.told }
        return { role: 'tool', content: [{ type: 'tool-result', ...call, output }] }
      }
      return { role: 'assistant', content: [{ type: 'tool-call', ...call, input: turn.input }] }
    })
    const options = {
      model: sdk.model(place),
      maxRetries: 0,
      messages,
      ...(instructions === undefined ? {} : { [sdk.instructions]: instructions }),
      ...(weather === undefined ? {} : { tools: { weather: sdk.tool(weather) } }),
      ...(schema === undefined ? {} : { output: sdk.output(schema) }),
      ...(settings === undefined
        ? {}
        : {
            temperature: settings.temperature,
            topP: settings.topP,
            maxOutputTokens: settings.maxTokens,
            seed: settings.seed,
            stopSequences: [settings.end],
          }),
    }
    return streams ? sdk.stream(options).text : (await sdk.generate(options)).text
  }
}

const askLangchain: Ask = async (
  { baseURL, apiKey, headers },
  { instructions, turns, settings, weather, schema },
  streams,
) => {
  const chat = new ChatOpenAI({
    model,
    apiKey,
    configuration: { baseURL, defaultHeaders: { ...headers } },
    maxRetries: 0,
    ...(settings === undefined
      ? {}
      : {
          temperature: settings.temperature,
          topP: settings.topP,
          maxTokens: settings.maxTokens,
          stop: [settings.end],
        }),
  })
  const messages = turns.map((turn): BaseMessage => {
    if ('user' in turn) {
      if (turn.image === undefined) return new HumanMessage(turn.user)
      const image = { type: 'image_url', image_url: { url: dataUrl(turn.image) } }
      return new HumanMessage({ content: [{ type: 'text', text: turn.user }, image] })
    }
    if ('model' in turn) return new AIMessage(turn.model)
    if ('told' in turn) return new ToolMessage({ tool_call_id: turn.call, content: turn.told })
    return new AIMessage({
      content: '',
      tool_calls: [{ id: turn.call, name: 'weather', args: { ...turn.input } }],
    })
  })
  const all = [...(instructions === undefined ? [] : [new SystemMessage(instructions)]), ...messages]
  const options = {
    ...(weather === undefined ? {} : { tools: [openaiTool(weather)] }),
    ...(schema === undefined ? {} : { response_format: openaiFormat(schema) }),
    ...(settings === undefined ? {} : { seed: settings.seed }),
  }
  if (!streams) return (await chat.invoke(all, options)).text
  let text = ''
  for await (const chunk of await chat.stream(all, options)) text += chunk.text
  return text
}

/** The libraries whose requests are told apart by nothing that a model reads. */
export const chatClients: readonly { readonly name: string; readonly ask: Ask }[] = [
  { name: 'openai', ask: askOpenai },
  { name: 'AI SDK 6', ask: askSdk(six) },
  { name: 'AI SDK 7', ask: askSdk(seven) },
  { name: 'LangChain', ask: askLangchain },
]

const place = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
}
const settings = { temperature: 0.2, topP: 0.9, maxTokens: 50, seed: 7, end: 'END' }
const asked = { user: 'How is it there?' }

/** What they are asked, by name. */
export const conversations: Readonly<Record<string, Conversation>> = {
  'a question': { turns: [asked] },
  'a conversation with instructions and settings': {
    instructions: 'Be brief.',
    turns: [{ user: 'Hello' }, { model: 'Hi' }, asked],
    settings,
  },
  'an image': { turns: [{ user: 'What?', image: Buffer.from('iVBORw0KGgo=', 'base64') }] },
  'a tool': { turns: [asked], weather: place },
  'what a tool told': {
    turns: [asked, { call: 'c1', input: { city: '上海' } }, { told: 'rain', call: 'c1' }],
    weather: place,
  },
  'JSON of a schema': { turns: [asked], schema: place },
}
