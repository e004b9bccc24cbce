import { AiError, quote } from '../errors.ts'
import { plainMessages } from './message-parts.ts'
import { keptOptions } from './provider-options.ts'
import type { KeyOptions, ModelCallRequest } from './request.ts'

/** The fields of a key, in the order in which they are framed. */
export const fieldNames = [
  'tenant',
  'scope',
  'operation',
  'provider',
  'model',
  'messages',
  'input',
  'tools',
  'toolChoice',
  'parallelToolCalls',
  'responseFormat',
  'modalities',
  'sampling',
  'seed',
  'stop',
  'reasoning',
  'providerOptions',
  'prompt',
  'configurationVersion',
  'rawChunks',
] as const

/** A field of a key. */
export type FieldName = (typeof fieldNames)[number]

/** The values of the fields, with everything equal made the same; undefined for what is not there. */
export type Fields = Readonly<Record<FieldName, unknown>>

/** Reads the fields of a request. @throws E_CALL_FIELD, E_CALL_VALUE */
export function readFields(request: ModelCallRequest, options: KeyOptions = {}): Fields {
  for (const name of ['tenant', 'operation', 'provider', 'model'] as const) {
    const value: unknown = request[name]
    if (typeof value !== 'string' || value === '') {
      throw new AiError(
        'E_CALL_FIELD',
        `${name} of a model call is ${quote(value)}; give its name, since answers must not be shared across it`,
      )
    }
  }
  const { prompt } = request
  if (prompt !== undefined && (typeof prompt.id !== 'string' || prompt.id === '')) {
    throw new AiError('E_CALL_FIELD', `prompt.id of a model call is ${quote(prompt.id)}; give its name`)
  }
  const rules = options.providerOptions
  const tools = request.tools?.length === 0 ? undefined : request.tools
  return {
    tenant: request.tenant,
    scope: request.scope,
    operation: request.operation,
    provider: request.provider,
    model: request.model,
    messages: plainMessages(request.messages, rules),
    input: request.input,
    tools: plainMessages(tools, rules),
    toolChoice: tools === undefined || isType(request.toolChoice, 'auto') ? undefined : request.toolChoice,
    parallelToolCalls: request.parallelToolCalls,
    responseFormat: isType(request.responseFormat, 'text') ? undefined : request.responseFormat,
    modalities: request.modalities,
    sampling: given({ ...options.defaults, ...given(request.sampling) }),
    seed: request.seed,
    stop: stopOf(request.stop),
    reasoning: request.reasoning,
    providerOptions: keptOptions(request.providerOptions, rules),
    prompt: given(prompt),
    configurationVersion: request.configurationVersion,
    rawChunks: request.rawChunks === true ? true : undefined,
  }
}

function isType(value: unknown, type: string): boolean {
  return (
    value === type ||
    (typeof value === 'object' &&
      value !== null &&
      'type' in value &&
      value.type === type &&
      Object.keys(value).length === 1)
  )
}

/** An object without members that are undefined or null; undefined when it has none. */
function given<T extends object>(object: T | undefined): Partial<T> | undefined {
  const members = Object.entries(object ?? {}).filter(([, value]) => value !== undefined && value !== null)
  return members.length === 0 ? undefined : (Object.fromEntries(members) as Partial<T>)
}

/** Where an answer stops does not depend on the order in which the ends are named. */
function stopOf(stop: ModelCallRequest['stop']): readonly string[] | undefined {
  if (stop === undefined || stop === null) return undefined
  const ends = [...new Set(typeof stop === 'string' ? [stop] : stop)].toSorted()
  return ends.length === 0 ? undefined : ends
}
