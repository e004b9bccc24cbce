/**
 * What of a chat request decides its answer. Clients say one thing in several ways, and what OpenAI's reference takes for
 * the same is the same here: null for what may be null and nothing at all, a default and nothing at all, the older and
 * the newer name of one limit, text and a list of one text part. What it does not call the same stays apart, such as the
 * roles `system` and `developer`.
 */
import { type Json, asList, asNumber, isJson, without, withoutNull } from './json.ts'
import { plainContent } from './openai-parts.ts'
import type { CallFields } from './protocol.ts'

const read = [
  'model',
  'messages',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'response_format',
  'modalities',
  'temperature',
  'top_p',
  'presence_penalty',
  'frequency_penalty',
  'max_tokens',
  'max_completion_tokens',
  'logit_bias',
  'logprobs',
  'top_logprobs',
  'n',
  'seed',
  'stop',
  'reasoning_effort',
]

/** Reads the fields of the key. */
export function chatFields(body: Json): CallFields {
  const number = (name: string): number | undefined => asNumber(body[name])
  return {
    messages: asList(body['messages']).map(plainMessage),
    tools: Array.isArray(body['tools']) ? body['tools'].map((tool) => lax(tool, 'function')) : undefined,
    toolChoice: body['tool_choice'],
    // What is true unless said otherwise is one with not said.
    parallelToolCalls: body['parallel_tool_calls'] === false ? false : undefined,
    responseFormat: lax(body['response_format'], 'json_schema'),
    modalities: (body['modalities'] ?? undefined) as readonly string[] | undefined,
    sampling: {
      temperature: number('temperature'),
      topP: number('top_p'),
      presencePenalty: number('presence_penalty'),
      frequencyPenalty: number('frequency_penalty'),
      // The older name of one limit.
      maxOutputTokens: number('max_completion_tokens') ?? number('max_tokens'),
      logitBias: body['logit_bias'] as Readonly<Record<string, number>> | undefined,
      logprobs: body['logprobs'] === true ? true : undefined,
      topLogprobs: number('top_logprobs'),
      candidates: number('n'),
    },
    seed: number('seed'),
    stop: body['stop'] as string | readonly string[] | undefined,
    reasoning: body['reasoning_effort'] ?? undefined,
    providerOptions: {
      openai: withoutNull(without(body, ...read), 'audio', 'prediction', 'verbosity'),
    },
  }
}

/**
 * A message with its content as parts. The API returns turns of a model with members that say nothing (`refusal: null`,
 * `annotations: []`), and some clients send them back as they came while others send what they understood. A turn that
 * only calls tools has no text, be that told as null, as "" or not at all.
 */
function plainMessage(message: Json): Json {
  const { content, annotations } = message
  if (message['role'] !== 'assistant') return { ...message, content: plainContent(content) }
  const silent = content === null || (content === '' && asList(message['tool_calls']).length > 0)
  const empty = Array.isArray(annotations) && annotations.length === 0 ? ['annotations'] : []
  return {
    ...withoutNull(without(message, ...empty), 'refusal', 'audio', 'function_call'),
    content: silent ? undefined : plainContent(content),
  }
}

/** A tool or a format whose schema is followed as well as may be, which is the default, without the word for it. */
function lax(value: unknown, name: 'function' | 'json_schema'): unknown {
  if (!isJson(value) || !isJson(value[name])) return value
  const { strict } = value[name]
  return strict === false || strict === null ? { ...value, [name]: without(value[name], 'strict') } : value
}
