import { AiError, quote } from '../errors.ts'
import type { PromptName } from '../key/request.ts'
import type { CallParams } from './model.ts'

/** What one call may say to the cache, as `providerOptions: { reprise: { … } }`. */
export interface CallOptions {
  /** Instead of the tenant of the middleware. */
  readonly tenant?: string
  /** Narrower than the tenant, such as a user. */
  readonly scope?: string
  /** The prompt that the messages were made from. */
  readonly prompt?: PromptName
  /** Ids of documents that the messages were made from; `invalidateCalls({ document })` names them. */
  readonly documents?: readonly string[]
  readonly configurationVersion?: string
  /** Calls the model although there is an answer, and takes its place. @default false */
  readonly regenerate?: boolean
  /** False takes no answer to a like question. @default true */
  readonly semantic?: boolean
  /** Which of several answers, from 0. @default drawn */
  readonly answer?: number
  /** False leaves the cache alone. @default true */
  readonly cache?: boolean
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''
const isFlag = (value: unknown): boolean => typeof value === 'boolean'
const known: Readonly<Record<keyof CallOptions, readonly [(value: unknown) => boolean, string]>> = {
  tenant: [isText, 'text'],
  scope: [isText, 'text'],
  prompt: [
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      'id' in value &&
      isText(value.id) &&
      (!('version' in value) || value.version === undefined || isText(value.version)),
    '{ id, version } of text',
  ],
  documents: [(value) => Array.isArray(value) && value.every(isText), 'a list of texts'],
  configurationVersion: [isText, 'text'],
  regenerate: [isFlag, 'true or false'],
  semantic: [isFlag, 'true or false'],
  answer: [(value) => Number.isInteger(value) && (value as number) >= 0, 'a whole number from 0'],
  cache: [isFlag, 'true or false'],
}

/** The options that a call gives the cache. @throws E_CALL_OPTION quoting the bad one */
export function readCallOptions(params: Pick<CallParams, 'providerOptions'>): CallOptions {
  const given = Object.entries(params.providerOptions?.['reprise'] ?? {}).filter(
    ([, value]) => value !== undefined,
  )
  for (const [name, value] of given) {
    const rule = Object.hasOwn(known, name) ? known[name as keyof CallOptions] : undefined
    if (rule === undefined) {
      throw new AiError(
        'E_CALL_OPTION',
        `providerOptions.reprise does not know ${quote(name)}; it takes ${Object.keys(known).join(', ')}`,
      )
    }
    if (!rule[0](value)) {
      throw new AiError(
        'E_CALL_OPTION',
        `providerOptions.reprise.${name} is ${quote(value)}; give ${rule[1]}`,
      )
    }
  }
  return Object.fromEntries(given)
}
