import { RepriseError, quote } from '../errors.ts'

/** What a key parameter may be. `1` and `"1"` make the same key. */
export type ParamValue = string | number | bigint | boolean

/** The parameter names of a template, read off its text: `'a:{b}:{c}'` has `'b' | 'c'`. */
export type ParamNames<T extends string> = T extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParamNames<Rest>
  : never

/** The parameters object of a template; `{}` for a template without any. */
export type Params<T extends string> = [ParamNames<T>] extends [never]
  ? Readonly<Record<string, never>>
  : { readonly [Name in ParamNames<T>]: ParamValue }

/** Parameters of a template whose text is not known to the compiler. */
export type AnyParams = Readonly<Record<string, ParamValue>>

/** One segment of a template: a literal, or a parameter with the literals it must not be mistaken for. */
export interface Segment {
  readonly literal?: string
  readonly param?: string
}

const literalPattern = /^[A-Za-z0-9_.-]+$/
const paramPattern = /^\{([A-Za-z][A-Za-z0-9_]*)\}$/

/**
 * The segments of a template. A segment is a literal of letters, digits, `_`, `.`, `-`, or exactly one
 * `{parameter}`; since parameters never contain a bare colon, no value of one can reach into the next.
 * @throws E_TEMPLATE_INVALID quoting the segment that is neither
 */
export function parseTemplate(template: string): readonly Segment[] {
  const seen = new Set<string>()
  return template.split(':').map((text) => {
    if (literalPattern.test(text)) return { literal: text }
    const param = paramPattern.exec(text)?.[1]
    if (param === undefined || seen.has(param)) {
      throw new RepriseError(
        'E_TEMPLATE_INVALID',
        `key template ${quote(template)}: segment ${quote(text)} is ${param === undefined ? 'neither a literal nor one {parameter}' : 'named twice'}; ` +
          'write literals and single {parameters} between colons, such as "nlu_result:{input_hash}:{user_id}"',
      )
    }
    seen.add(param)
    return { param }
  })
}

// Control characters, lone surrogates (which UTF-8 would fold into one another), colon (the separator), braces
// (cluster hash tags), glob characters and the escape sign.
const unsafe = /[\p{Cc}\p{Cs}:{}*?[\]\\%]/u
const unsafeAll = new RegExp(unsafe.source, 'gu')

/** An unsafe character as `%3A`, or `%uD800` past Latin-1. */
export function escapeCharacter(character: string): string {
  const code = character.charCodeAt(0)
  return code < 0x100
    ? `%${code.toString(16).toUpperCase().padStart(2, '0')}`
    : `%u${code.toString(16).toUpperCase().padStart(4, '0')}`
}

/** A parameter as it stands in a key: unsafe characters as `%3A`, lone surrogates as `%uD800`. */
export function escapeParam(text: string): string {
  return unsafe.test(text) ? text.replace(unsafeAll, escapeCharacter) : text
}

/** The parameter that `escapeParam` was given. */
export function unescapeParam(text: string): string {
  return text.replace(
    /%u([0-9A-F]{4})|%([0-9A-F]{2})/g,
    (_, wide: string | undefined, narrow: string | undefined) =>
      String.fromCharCode(Number.parseInt(wide ?? narrow ?? '', 16)),
  )
}

/** Builds and reads the keys of one template. */
export interface KeyBuilder {
  readonly template: string
  readonly names: readonly string[]
  /** What all of its keys begin with, and what they end with: all that comes before its first parameter and after its last. */
  readonly head: string
  readonly tail: string
  /** What stands between one parameter and the next. */
  readonly between: readonly string[]
  /**
   * The full key of a set of parameters.
   * @throws E_PARAM_MISSING, E_PARAM_UNKNOWN, E_PARAM_INVALID, E_KEY_TOO_LONG
   */
  build(params: AnyParams): string
  /** The parameters (all as strings) of a full key of this template, or undefined when it is not one. */
  parse(key: string): Record<string, string> | undefined
}

/**
 * A builder for one template under a prefix. `reserved` gives, for each segment, the literals that other
 * templates of the catalog have in that place: a parameter of that very text is escaped, so it cannot stand
 * for another template's key (row A1).
 */
export function compileTemplate(
  template: string,
  options: { prefix: string; maxKeyBytes: number; reserved?: ReadonlyMap<number, ReadonlySet<string>> },
): KeyBuilder {
  const segments = parseTemplate(template)
  const names = segments.flatMap((segment) => (segment.param === undefined ? [] : [segment.param]))
  const head = options.prefix === '' ? '' : `${options.prefix}:`
  const { maxKeyBytes, reserved } = options
  const literals = template.split(/\{\w+\}/)

  function paramText(params: AnyParams, name: string, index: number): string {
    const value: unknown = params[name]
    let text: string
    if (typeof value === 'string') text = value
    else if (typeof value === 'number' && Number.isFinite(value)) text = String(value)
    else if (typeof value === 'bigint' || typeof value === 'boolean') text = String(value)
    else if (value === undefined) {
      throw new RepriseError(
        'E_PARAM_MISSING',
        `key ${quote(template)}: parameter "${name}" is missing; got ${quote(params)}`,
      )
    } else {
      throw new RepriseError(
        'E_PARAM_INVALID',
        `key ${quote(template)}: parameter "${name}" is ${quote(value)}; give a string, finite number, bigint or boolean`,
      )
    }
    if (text === '') {
      throw new RepriseError(
        'E_PARAM_INVALID',
        `key ${quote(template)}: parameter "${name}" is empty; give at least one character`,
      )
    }
    // A long parameter is refused before it is escaped, so that a hostile one costs nothing.
    if (text.length > maxKeyBytes) throw tooLong(text.length)
    const escaped = escapeParam(text)
    if (reserved !== undefined && reserved.get(index)?.has(escaped) === true) {
      return escapeCharacter(escaped.charAt(0)) + escaped.slice(1)
    }
    return escaped
  }

  function tooLong(length: number): RepriseError {
    return new RepriseError(
      'E_KEY_TOO_LONG',
      `key ${quote(template)}: the key would be at least ${length} bytes, over the limit of ${maxKeyBytes}; hash long parameters before using them in a key`,
    )
  }

  function builds(params: AnyParams, key: string): boolean {
    try {
      return builder.build(params) === key
    } catch {
      return false
    }
  }

  const builder: KeyBuilder = {
    template,
    names,
    head: head + (literals[0] as string),
    tail: literals.length > 1 ? (literals.at(-1) as string) : '',
    between: literals.slice(1, -1),
    build(params) {
      let key = head
      for (let index = 0; index < segments.length; index += 1) {
        const segment = segments[index] as Segment
        if (index > 0) key += ':'
        key += segment.literal ?? paramText(params, segment.param as string, index)
      }
      let given = 0
      for (const name in params) if (params[name] !== undefined) given += 1
      if (given !== names.length) {
        const extra = Object.keys(params).filter((name) => !names.includes(name))
        throw new RepriseError(
          'E_PARAM_UNKNOWN',
          `key ${quote(template)}: unknown parameter ${extra.map(quote).join(', ')}; it takes ${names.join(', ') || 'none'}`,
        )
      }
      if (key.length * 3 > maxKeyBytes) {
        const bytes = Buffer.byteLength(key)
        if (bytes > maxKeyBytes) throw tooLong(bytes)
      }
      return key
    },
    parse(key) {
      if (!key.startsWith(head)) return undefined
      const parts = key.slice(head.length).split(':')
      if (parts.length !== segments.length) return undefined
      const params: Record<string, string> = {}
      for (const [index, part] of parts.entries()) {
        const segment = segments[index] as Segment
        if (segment.literal !== undefined) {
          if (segment.literal !== part) return undefined
        } else if (part === '') return undefined
        else params[segment.param as string] = unescapeParam(part)
      }
      // A text that no parameters build is not a key, however well it splits.
      return builds(params, key) ? params : undefined
    },
  }
  return builder
}
