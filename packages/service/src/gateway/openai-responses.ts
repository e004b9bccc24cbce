import { type AnswerFacts, noTokens } from '@reprise/ai'
import {
  type Json,
  asJson,
  asList,
  asNumber,
  asText,
  isJson,
  numberAt,
  parseJson,
  without,
  withoutNull,
} from './json.ts'
import { openaiError, openaiErrorEvent } from './openai-errors.ts'
import { openaiNoise, plainContent, toolSchemas } from './openai-parts.ts'
import {
  assembleResponse,
  isEnd,
  responsePieces,
  responseWithText,
  splitResponse,
} from './openai-responses-stream.ts'
import type { CallFields, Protocol } from './protocol.ts'

const read = [
  'model',
  'input',
  'instructions',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'text',
  'temperature',
  'top_p',
  'top_logprobs',
  'max_output_tokens',
  'reasoning',
]

/** Where null is as good as nothing. */
const nullable = [
  'background',
  'context_management',
  'conversation',
  'include',
  'max_tool_calls',
  'previous_response_id',
  'prompt',
  'truncation',
]

/** Tools that run at the provider and act there or elsewhere: an answer from the cache would not have acted. */
const acting = new Set([
  'mcp',
  'code_interpreter',
  'shell',
  'local_shell',
  'apply_patch',
  'computer',
  'computer_use_preview',
])

/** `POST /v1/responses` as OpenAI defines it. */
export const openaiResponses: Protocol = {
  operation: 'responses',
  route: '/v1/responses',
  path: 'responses',
  kind: 'openai',
  headers: [],
  key: { providerOptions: { leaveOut: openaiNoise }, defaults: { temperature: 1, topP: 1 } },
  fieldsOf,
  bypass(body) {
    if (body['background'] === true) return 'background'
    if (body['conversation'] !== undefined && body['conversation'] !== null) return 'conversation'
    return asList(body['tools']).some((tool) => acting.has(asText(tool['type']))) ? 'hosted-tool' : undefined
  },
  demandsOf: (body) => ({
    json: jsonDemand(asJson(asJson(body['text'])['format'])),
    tools: toolSchemas(body['tools']),
  }),
  upstreamBody: (body, model) => ({ ...body, model }),
  assemble: assembleResponse,
  split: splitResponse,
  piecesOf: responsePieces,
  withText: responseWithText,
  factsOf,
  usageOf: (answer) => ({
    ...noTokens,
    input: numberAt(answer, 'usage', 'input_tokens'),
    cacheRead: numberAt(answer, 'usage', 'input_tokens_details', 'cached_tokens'),
    output: numberAt(answer, 'usage', 'output_tokens'),
    reasoning: numberAt(answer, 'usage', 'output_tokens_details', 'reasoning_tokens'),
  }),
  withoutUsage: (answer) => ({ ...answer, usage: noUsage }),
  wantsUsage: () => true,
  deliver(event, { paid }) {
    if (paid || !isEnd(event)) return event
    const told = parseJson(event.data) ?? {}
    const response = { ...asJson(told['response']), usage: noUsage }
    return { ...event, data: JSON.stringify({ ...told, response }) }
  },
  errorOf: openaiError,
  errorEvent: (error) => ({
    event: 'error',
    ...openaiErrorEvent({ type: 'error', ...asJson(error['error']) }),
  }),
}

const noUsage = {
  input_tokens: 0,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 0,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 0,
}

function fieldsOf(body: Json): CallFields {
  const { input, instructions } = body
  const items = typeof input === 'string' ? [{ role: 'user', content: input }] : asList(input)
  return {
    messages: [
      ...(typeof instructions === 'string' ? [{ role: 'instructions', content: instructions }] : []),
      ...items.map((item) =>
        // An item that names no type is a message.
        'content' in item
          ? {
              ...without(item, 'id', 'status'),
              type: item['type'] ?? 'message',
              content: plainContent(item['content']),
            }
          : item,
      ),
    ],
    tools: Array.isArray(body['tools']) ? body['tools'] : undefined,
    toolChoice: body['tool_choice'],
    parallelToolCalls: body['parallel_tool_calls'] === false ? false : undefined,
    responseFormat: isJson(body['text']) ? textOptions(body['text']) : undefined,
    sampling: {
      temperature: asNumber(body['temperature']),
      topP: asNumber(body['top_p']),
      topLogprobs: asNumber(body['top_logprobs']),
      maxOutputTokens: asNumber(body['max_output_tokens']),
    },
    reasoning: body['reasoning'] ?? undefined,
    providerOptions: { openai: withoutNull(without(body, ...read), ...nullable) },
  }
}

/** What is text unless said otherwise is one with not said. */
function textOptions(text: Json): Json | undefined {
  const rest = asJson(text['format'])['type'] === 'text' ? without(text, 'format') : text
  return Object.keys(rest).length === 0 ? undefined : rest
}

function jsonDemand(format: Json): { readonly schema?: object } | undefined {
  if (format['type'] === 'json_object') return {}
  if (format['type'] !== 'json_schema') return undefined
  return isJson(format['schema']) ? { schema: format['schema'] } : {}
}

function factsOf(answer: Json): AnswerFacts {
  const items = asList(answer['output'])
  const parts = items.filter(({ type }) => type === 'message').flatMap((item) => asList(item['content']))
  const calls = items.filter(({ type }) => type === 'function_call')
  const why = asText(asJson(answer['incomplete_details'])['reason'])
  const refused = parts.some(({ type }) => type === 'refusal')
  const status = asText(answer['status'])
  const reasons: Readonly<Record<string, string>> = {
    completed: refused ? 'content-filter' : calls.length > 0 ? 'tool-calls' : 'stop',
    incomplete: why === 'content_filter' ? 'content-filter' : 'length',
    failed: 'error',
  }
  return {
    complete: status !== '' && status !== 'in_progress' && status !== 'queued',
    finishReason: reasons[status] ?? 'other',
    text: parts.map((part) => asText(part['text'])).join(''),
    toolCalls: calls.map((call) => ({ name: asText(call['name']), input: asText(call['arguments']) })),
    other: items.some(({ type }) => !['message', 'function_call', 'reasoning'].includes(asText(type))),
  }
}
