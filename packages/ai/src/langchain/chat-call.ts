/* oxlint-disable no-underscore-dangle -- methods of LangChain's models begin so */
import type { BaseMessage } from '@langchain/core/messages'
import type { CallParams } from '../ai-sdk/model.ts'
import { promptOf } from './chat-messages.ts'

type Settings = Readonly<Record<string, unknown>>

/** What one call is told that no model sees. */
const runtime = new Set([
  'signal',
  'timeout',
  'callbacks',
  'tags',
  'metadata',
  'runId',
  'runName',
  'configurable',
  'recursionLimit',
  'maxConcurrency',
  'store',
  'promptIndex',
  'options',
  'outputVersion',
  'ls_structured_output_format',
])

/** Members that say what the model is, or how its answer travels. */
const transport = new Set(['model', 'model_name', 'modelName', 'stream', 'streaming', 'stream_options'])

/** Names of one setting, the AI SDK's first. */
const spellings = {
  temperature: ['temperature'],
  topP: ['top_p', 'topP'],
  topK: ['top_k', 'topK'],
  presencePenalty: ['presence_penalty', 'presencePenalty'],
  frequencyPenalty: ['frequency_penalty', 'frequencyPenalty'],
  maxOutputTokens: ['max_completion_tokens', 'max_tokens', 'maxTokens', 'max_output_tokens'],
  seed: ['seed'],
  stopSequences: ['stop', 'stop_sequences', 'stopSequences'],
  tools: ['tools'],
  toolChoice: ['tool_choice'],
  responseFormat: ['response_format'],
} as const

/** A chat model, as far as a key is made of it. */
export interface ReadModel {
  invocationParams?(options: never): unknown
  _identifyingParams?(): Settings
}

/**
 * A call of LangChain.js in the words of the AI SDK: what the model says that it sends, else what it says that it is and
 * what it is told. A setting that has no name there is an option of the provider, so that it is part of the key.
 */
export function paramsOf(
  model: ReadModel,
  messages: readonly BaseMessage[],
  { options, provider }: { readonly options: Settings; readonly provider: string },
): CallParams {
  const settings = settingsOf(model, options)
  const named = new Set<string>()
  const taken = (name: keyof typeof spellings): unknown => {
    const given = spellings[name].filter((spelling) => settings[spelling] !== undefined)
    for (const spelling of given) named.add(spelling)
    return given.length === 0 ? undefined : (settings[given[0] as string] ?? undefined)
  }
  const number = (name: keyof typeof spellings): number | undefined => taken(name) as number | undefined
  const stop = taken('stopSequences') as string | readonly string[] | undefined
  const { responseFormat, strict } = formatOf(taken('responseFormat'))
  const params = {
    prompt: promptOf(messages),
    temperature: number('temperature'),
    topP: number('topP'),
    topK: number('topK'),
    presencePenalty: number('presencePenalty'),
    frequencyPenalty: number('frequencyPenalty'),
    maxOutputTokens: number('maxOutputTokens'),
    seed: number('seed'),
    stopSequences: typeof stop === 'string' ? [stop] : stop,
    tools: (taken('tools') as readonly object[] | undefined)?.map(toolOf),
    toolChoice: choiceOf(taken('toolChoice')),
    responseFormat,
  }
  const rest = Object.entries({ ...settings, strictJsonSchema: strict }).flatMap(([name, value]) =>
    named.has(name) || transport.has(name) || value === undefined || value === null
      ? []
      : [[camelCase(name), value] as const],
  )
  return {
    ...params,
    ...(rest.length === 0
      ? {}
      : { providerOptions: { [provider.split('.')[0] as string]: Object.fromEntries(rest) } }),
  }
}

function settingsOf(model: ReadModel, options: Settings): Settings {
  const sent = model.invocationParams?.(options as never)
  if (typeof sent === 'object' && sent !== null && Object.keys(sent).length > 0) return sent as Settings
  const told = Object.entries(options).filter(([name]) => !runtime.has(name))
  return { ...model._identifyingParams?.(), ...Object.fromEntries(told) }
}

function toolOf(tool: object): object {
  const { function: definition, ...outer } = tool as Settings
  const {
    name,
    description,
    parameters,
    input_schema: schema,
    strict,
    ...rest
  } = {
    ...outer,
    ...(definition as Settings | undefined),
  } as Settings
  const inputSchema = parameters ?? schema
  if (typeof name !== 'string' || inputSchema === undefined) return tool
  return { ...rest, type: 'function', name, description, inputSchema, strict: strict ?? undefined }
}

function choiceOf(choice: unknown): unknown {
  if (choice === 'auto' || choice === 'none' || choice === 'required') return { type: choice }
  if (choice === 'any') return { type: 'required' }
  const { function: chosen } = (typeof choice === 'object' && choice !== null ? choice : {}) as Settings
  if (typeof chosen !== 'object' || chosen === null || !('name' in chosen)) return choice
  return { type: 'tool', toolName: chosen.name }
}

function formatOf(format: unknown): {
  readonly responseFormat: CallParams['responseFormat']
  readonly strict?: unknown
} {
  const { type, json_schema: demanded } = (format ?? {}) as Settings
  if (type === 'json_object') return { responseFormat: { type: 'json' } }
  if (type !== 'json_schema') return { responseFormat: format as CallParams['responseFormat'] }
  const { strict, ...rest } = demanded as Settings
  return { responseFormat: { type: 'json', ...rest }, strict: strict ?? undefined }
}

function camelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
