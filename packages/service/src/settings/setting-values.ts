import { type Duration, milliseconds } from '@reprise/cache'
import { z } from 'zod'

/** The schema of one setting's value with the words that say what it allows. */
export interface ValueRule<T> {
  readonly schema: z.ZodType<T>
  /** Ends the sentence "must be …". */
  readonly allowed: string
}

const digits = /^\d{1,15}$/
const durationPattern = /^\d+(\.\d+)?(ms|s|m|h|d|w)$/
const sizePattern = /^(\d+(?:\.\d+)?)(B|KiB|MiB|GiB)$/
const sizeUnits: Readonly<Record<string, number>> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 }

/** A rule from what it allows and what reads a value; undefined is a value that it refuses. */
export function rule<T>(allowed: string, read: (value: unknown) => T | undefined): ValueRule<T> {
  const schema = z.unknown().transform((value, context): T => {
    const result = read(value)
    if (result !== undefined) return result
    context.addIssue({ code: 'custom', message: allowed })
    return z.NEVER
  })
  return { allowed, schema }
}

/** A whole number, also as decimal text. */
export function wholeNumber(least: number, most: number): ValueRule<number> {
  return rule(`a whole number from ${least} to ${most}`, (value) => {
    const number = typeof value === 'string' && digits.test(value) ? Number(value) : value
    return typeof number === 'number' && Number.isInteger(number) && number >= least && number <= most
      ? number
      : undefined
  })
}

/** A text without control characters. */
export function text(least = 1, most = 1000): ValueRule<string> {
  const words = least === 1 ? 'a text' : `a text of at least ${least} characters`
  return rule(`${words}, at most ${most} characters, without control characters`, (value) =>
    typeof value === 'string' && value.length >= least && value.length <= most && !/\p{Cc}/u.test(value)
      ? value
      : undefined,
  )
}

/** An address with one of these schemes. */
export function url(...schemes: readonly string[]): ValueRule<string> {
  const allowed = `a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`
  return rule(allowed, (value) => {
    if (typeof value !== 'string' || !URL.canParse(value)) return undefined
    const { protocol, host } = new URL(value)
    return schemes.includes(protocol.slice(0, -1)) && host !== '' ? value : undefined
  })
}

/** One of some words. */
export function oneOf<const Word extends string>(...words: readonly Word[]): ValueRule<Word> {
  return rule(`one of ${words.join(', ')}`, (value) => words.find((word) => word === value))
}

/** A length of time in milliseconds; undefined for anything else, and outside of the bounds. */
export function readDuration(value: unknown, least: number, most: number): number | undefined {
  if (typeof value !== 'string' || !durationPattern.test(value)) return undefined
  const length = milliseconds(value as Duration)
  return length >= least && length <= most ? length : undefined
}

/** A length of time with a unit, such as `30s`, in milliseconds. */
export function duration(least: Duration, most: Duration): ValueRule<number> {
  return rule(`a number with a unit (ms, s, m, h, d, w) from ${least} to ${most}`, (value) =>
    readDuration(value, milliseconds(least), milliseconds(most)),
  )
}

/** A size in bytes, plain or with a unit, such as `256MiB`. */
export function size(least: number, most: number): ValueRule<number> {
  return rule(`bytes from ${least} to ${most}, plain or with a unit (B, KiB, MiB, GiB)`, (value) => {
    const match = typeof value === 'string' ? sizePattern.exec(value) : null
    const plain = typeof value === 'string' && digits.test(value) ? Number(value) : value
    const bytes = match === null ? plain : Number(match[1]) * (sizeUnits[match[2] ?? ''] ?? 1)
    return typeof bytes === 'number' && Number.isInteger(bytes) && bytes >= least && bytes <= most
      ? bytes
      : undefined
  })
}

/** A map from names to lengths of time in milliseconds; `forever` is Infinity. */
export function durations(): ValueRule<Readonly<Record<string, number>>> {
  const allowed =
    'a map from space names to a number with a unit (ms, s, m, h, d, w) or forever, such as {nlu_result: 30m}'
  return rule(allowed, (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    const read = Object.entries(value).map(([name, item]) => {
      const length = item === 'forever' ? Infinity : readDuration(item, 0, milliseconds('3650d'))
      return /^[a-z][a-z0-9_]*$/.test(name) ? ([name, length] as const) : ([name, undefined] as const)
    })
    if (read.some(([, length]) => length === undefined)) return undefined
    return Object.freeze(Object.fromEntries(read) as Record<string, number>)
  })
}
