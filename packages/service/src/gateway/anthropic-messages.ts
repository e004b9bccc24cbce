import type { AnswerFacts } from '@reprise/ai'
import { assembleMessage, messagePieces, messageWithText, splitMessage } from './anthropic-stream.ts'
import { type Json, asJson, asList, asNumber, asText, isJson, numberAt, parseJson, without } from './json.ts'
import type { CallFields, Protocol } from './protocol.ts'

const read = [
  'model',
  'system',
  'messages',
  'tools',
  'tool_choice',
  'temperature',
  'top_p',
  'top_k',
  'max_tokens',
  'stop_sequences',
  'thinking',
]
const noise = ['stream', 'metadata', 'service_tier']

const finishReasons: Readonly<Record<string, string>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  tool_use: 'tool-calls',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  refusal: 'content-filter',
}

const errorTypes: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  529: 'overloaded_error',
}

/** `POST /v1/messages` as Anthropic defines it. */
export const anthropicMessages: Protocol = {
  operation: 'messages',
  route: '/v1/messages',
  path: 'messages',
  kind: 'anthropic',
  headers: ['anthropic-version', 'anthropic-beta'],
  key: { providerOptions: { leaveOut: noise }, defaults: { temperature: 1 } },
  fieldsOf,
  // A tool that runs at the provider and acts on something there or elsewhere.
  bypass: (body) =>
    isJson(body['container']) || asList(body['mcp_servers']).length > 0 ? 'hosted-tool' : undefined,
  demandsOf: (body) => ({
    tools: new Map(
      asList(body['tools']).flatMap((tool): [string, object][] =>
        typeof tool['name'] === 'string' && isJson(tool['input_schema'])
          ? [[tool['name'], tool['input_schema']]]
          : [],
      ),
    ),
  }),
  upstreamBody: (body, model) => ({ ...body, model }),
  assemble: assembleMessage,
  split: splitMessage,
  piecesOf: messagePieces,
  withText: messageWithText,
  factsOf,
  usageOf(answer) {
    const cacheRead = numberAt(answer, 'usage', 'cache_read_input_tokens')
    const cacheWrite = numberAt(answer, 'usage', 'cache_creation_input_tokens')
    // Anthropic counts what its prompt cache had beside the input, not in it.
    const input = numberAt(answer, 'usage', 'input_tokens') + cacheRead + cacheWrite
    return { input, cacheRead, cacheWrite, output: numberAt(answer, 'usage', 'output_tokens'), reasoning: 0 }
  },
  withoutUsage: (answer) => ({ ...answer, usage: zeros(asJson(answer['usage'])) }),
  wantsUsage: () => true,
  deliver(event, { paid }) {
    if (paid || (event.event !== 'message_start' && event.event !== 'message_delta')) return event
    const told = parseJson(event.data)
    if (told === undefined) return event
    const free = isJson(told['message'])
      ? { ...told, message: { ...told['message'], usage: zeros(asJson(told['message']['usage'])) } }
      : { ...told, usage: zeros(asJson(told['usage'])) }
    return { ...event, data: JSON.stringify(free) }
  },
  errorOf: ({ status, message }) => ({
    type: 'error',
    error: { type: errorTypes[status] ?? (status < 500 ? 'invalid_request_error' : 'api_error'), message },
  }),
  errorEvent: (error) => ({ event: 'error', data: JSON.stringify(error) }),
}

/** The same figures, each of them nothing. */
function zeros(usage: Json): Json {
  return Object.fromEntries(
    Object.entries(usage).map(([name, value]) => [
      name,
      typeof value === 'number' ? 0 : isJson(value) ? zeros(value) : value,
    ]),
  )
}

function fieldsOf(body: Json): CallFields {
  const { system } = body
  return {
    messages: [
      ...(system === undefined ? [] : [{ role: 'system', content: plainBlocks(system) }]),
      ...asList(body['messages']).map((message) => ({
        ...message,
        content: plainBlocks(message['content']),
      })),
    ],
    tools: Array.isArray(body['tools']) ? body['tools'].map(withoutHints) : undefined,
    toolChoice: body['tool_choice'],
    sampling: {
      temperature: asNumber(body['temperature']),
      topP: asNumber(body['top_p']),
      topK: asNumber(body['top_k']),
      maxOutputTokens: asNumber(body['max_tokens']),
    },
    stop: body['stop_sequences'] as readonly string[] | undefined,
    reasoning: asJson(body['thinking'])['type'] === 'disabled' ? undefined : body['thinking'],
    providerOptions: { anthropic: without(body, ...read) },
  }
}

/** Content as a list of blocks, files told as such, without hints of what to keep in the provider's prompt cache. */
function plainBlocks(content: unknown): unknown {
  if (typeof content === 'string') return [{ type: 'text', text: content }]
  return Array.isArray(content) ? content.map(plainBlock) : content
}

function plainBlock(given: unknown): unknown {
  if (!isJson(given)) return given
  const block = withoutHints(given) as Json
  const source = asJson(block['source'])
  if (block['type'] === 'image' || block['type'] === 'document') {
    const data = source['data'] ?? source['url']
    return typeof data === 'string' && source['type'] !== 'text'
      ? {
          ...block,
          type: block['type'] === 'image' ? 'image' : 'file',
          source: without(source, 'data', 'url', 'type'),
          data,
        }
      : block
  }
  return block['type'] === 'tool_result' && block['content'] !== undefined
    ? { ...block, content: plainBlocks(block['content']) }
    : block
}

function withoutHints(value: unknown): unknown {
  return isJson(value) ? without(value, 'cache_control') : value
}

function factsOf(answer: Json): AnswerFacts {
  const blocks = asList(answer['content'])
  const known = ['text', 'tool_use', 'thinking', 'redacted_thinking']
  return {
    complete: typeof answer['stop_reason'] === 'string',
    finishReason: finishReasons[asText(answer['stop_reason'])] ?? 'other',
    text: blocks.map((block) => (block['type'] === 'text' ? asText(block['text']) : '')).join(''),
    toolCalls: blocks
      .filter((block) => block['type'] === 'tool_use')
      .map((block) => ({ name: asText(block['name']), input: JSON.stringify(block['input'] ?? {}) })),
    other: blocks.some((block) => !known.includes(asText(block['type']))),
  }
}
