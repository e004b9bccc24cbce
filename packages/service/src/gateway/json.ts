/** An object of JSON. */
export type Json = { readonly [name: string]: unknown }

/** Whether a value is an object and no list. */
export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value as an object; empty when it is none. */
export function asJson(value: unknown): Json {
  return isJson(value) ? value : {}
}

/** The value as a list of objects; empty when it is none. */
export function asList(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isJson) : []
}

/** The value as text; empty when it is none. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** The value as a number; undefined when it is none. */
export function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

/** The text as an object of JSON; undefined when it is none. */
export function parseJson(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isJson(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** An object without some of its members. */
export function without(object: Json, ...names: readonly string[]): Json {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)))
}

/** An object without those of the named members that are null. */
export function withoutNull(object: Json, ...names: readonly string[]): Json {
  return without(object, ...names.filter((name) => object[name] === null))
}

/** The number at a path of names; 0 when there is none. */
export function numberAt(value: Json, ...names: readonly [string, ...string[]]): number {
  const parent = names.slice(0, -1).reduce<Json>((inside, name) => asJson(inside[name]), value)
  return asNumber(parent[names.at(-1) as string]) ?? 0
}
