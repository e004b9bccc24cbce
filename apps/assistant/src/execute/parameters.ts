import { createHash } from 'node:crypto'
import type { ParamSchemas } from '../catalog/function.ts'
import type { Scalar } from '../catalog/json.ts'
import type { Call } from '../dialogue/execute.ts'
import { CallError } from './call-error.ts'

/** What a call sends, by the service's own names. */
export type CallParams = Readonly<Record<string, Scalar>>

function typed(value: Scalar, type: string, name: string): Scalar {
  if (value === null) return value
  if (['number', 'integer'].includes(type)) {
    const number = Number(value)
    if (Number.isFinite(number)) return number
    throw new CallError(
      'NOT_CONFIGURED',
      `${name} is ${JSON.stringify(value)}, and the service wants a number`,
    )
  }
  if (type === 'boolean') return value === true || value === 'true'
  return typeof value === 'boolean' ? value : String(value)
}

/**
 * The parameters of a call (row A6): slots and the user under the names of `param_mapping`, defaults, types.
 * @throws CallError NOT_CONFIGURED naming what is missing
 */
export function toParams(call: Call, schemas: ParamSchemas | undefined): CallParams {
  const { definition, slots, userId } = call
  const sources: Readonly<Record<string, Scalar>> = { ...slots, user_id: userId }
  const given = new Map<string, Scalar>()
  for (const [source, name] of Object.entries(definition.param_mapping)) {
    const value = sources[source]
    if (value !== undefined && value !== null) given.set(name, value)
  }
  for (const { name, type, required, default_value: initial } of schemas?.params ?? []) {
    const value = given.get(name) ?? initial
    if (value !== undefined) given.set(name, typed(value, type, name))
    else if (required) {
      throw new CallError('NOT_CONFIGURED', `${definition.function_name} needs ${name}, which no slot gives`)
    }
  }
  return Object.fromEntries(given)
}

/** The hash that the result of a call is kept under: 16 hexadecimal characters over what decides the answer, in any order. */
export function paramsHash(params: CallParams, { definition }: Pick<Call, 'definition'>): string {
  const sorted = Object.entries(params).toSorted(([left], [right]) => (left < right ? -1 : 1))
  const parts = [definition.http_method, definition.api_endpoint, sorted]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16)
}
