import { type AnswerFacts, noTokens } from '@reprise/ai'
import { type Json, asJson, asList, asText, isJson, numberAt, parseJson, without } from './json.ts'
import { chatFields } from './openai-chat-fields.ts'
import { assembleChat, chatPieces, chatWithText, splitChat } from './openai-chat-stream.ts'
import { openaiError, openaiErrorEvent } from './openai-errors.ts'
import { openaiNoise, toolSchemas } from './openai-parts.ts'
import type { Protocol } from './protocol.ts'

const finishReasons: Readonly<Record<string, string>> = {
  stop: 'stop',
  length: 'length',
  content_filter: 'content-filter',
  tool_calls: 'tool-calls',
  function_call: 'tool-calls',
}

/** `POST /v1/chat/completions` as OpenAI defines it. */
export const openaiChat: Protocol = {
  operation: 'chat.completions',
  route: '/v1/chat/completions',
  path: 'chat/completions',
  kind: 'openai',
  headers: [],
  key: {
    providerOptions: { leaveOut: openaiNoise },
    defaults: { temperature: 1, topP: 1, presencePenalty: 0, frequencyPenalty: 0, candidates: 1 },
  },
  fieldsOf: chatFields,
  bypass: () => undefined,
  demandsOf: (body) => ({
    json: jsonDemand(asJson(body['response_format'])),
    tools: toolSchemas(body['tools']),
  }),
  upstreamBody: (body, model) => ({
    ...body,
    model,
    ...(body['stream'] === true
      ? { stream_options: { ...asJson(body['stream_options']), include_usage: true } }
      : {}),
  }),
  assemble: assembleChat,
  split: splitChat,
  piecesOf: chatPieces,
  withText: chatWithText,
  factsOf,
  usageOf: (answer) => ({
    ...noTokens,
    input: numberAt(answer, 'usage', 'prompt_tokens'),
    cacheRead: numberAt(answer, 'usage', 'prompt_tokens_details', 'cached_tokens'),
    output: numberAt(answer, 'usage', 'completion_tokens'),
    reasoning: numberAt(answer, 'usage', 'completion_tokens_details', 'reasoning_tokens'),
  }),
  withoutUsage: (answer) => ({ ...answer, usage: noUsage }),
  wantsUsage: (body) => asJson(body['stream_options'])['include_usage'] === true,
  deliver(event, { wantsUsage, paid }) {
    if (!event.data.includes('"usage"')) return event
    const chunk = parseJson(event.data)
    if (chunk === undefined || !isJson(chunk['usage'])) return event
    if (wantsUsage) return paid ? event : { data: JSON.stringify({ ...chunk, usage: noUsage }) }
    // The figures come in a chunk of their own, unless an upstream tells them with the last one.
    return asList(chunk['choices']).length === 0
      ? undefined
      : { data: JSON.stringify(without(chunk, 'usage')) }
  },
  end: { data: '[DONE]' },
  errorOf: openaiError,
  errorEvent: openaiErrorEvent,
}

const noUsage = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }

function jsonDemand(format: Json): { readonly schema?: object } | undefined {
  if (format['type'] === 'json_object') return {}
  if (format['type'] !== 'json_schema') return undefined
  const { schema } = asJson(format['json_schema'])
  return isJson(schema) ? { schema } : {}
}

/** Of several choices, the worst end counts. */
function factsOf(answer: Json): AnswerFacts {
  const choices = asList(answer['choices'])
  const messages = choices.map((choice) => asJson(choice['message']))
  const reasons = choices.map((choice) => finishReasons[asText(choice['finish_reason'])] ?? 'other')
  const calls = messages.flatMap((message) => asList(message['tool_calls']))
  const refused = messages.some((message) => asText(message['refusal']) !== '')
  const bad = reasons.find((reason) => reason !== 'stop' && reason !== 'tool-calls')
  return {
    complete: choices.length > 0,
    finishReason: refused ? 'content-filter' : (bad ?? reasons[0] ?? 'other'),
    text: messages.map((message) => asText(message['content'])).join(''),
    toolCalls: calls.flatMap((call) => {
      const made = asJson(call['function'])
      return isJson(call['function'])
        ? [{ name: asText(made['name']), input: asText(made['arguments']) }]
        : []
    }),
    other: messages.some((message) => isJson(message['audio'])),
  }
}
