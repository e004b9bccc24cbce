import { z } from 'zod'

// Control characters, and halves of surrogate pairs.
const controls = /\p{Cc}|\p{Cs}/u

/** A one-line name or identifier of 1 to `longest` characters, without control characters. */
export function lineOf(longest: number) {
  return z
    .string()
    .min(1)
    .max(longest)
    .refine((text) => !controls.test(text), 'Control characters and broken characters are not allowed')
}

/** A text of 1 to `longest` characters that may have line breaks and tabs but no other control characters. */
export function proseOf(longest: number) {
  return z
    .string()
    .min(1)
    .max(longest)
    .refine(
      (text) => !controls.test(text.replaceAll(/[\n\r\t]/g, ' ')),
      'Control characters and broken characters are not allowed',
    )
}

/** An instant in UTC as ISO-8601 text. */
export const instant = z.iso.datetime()

/** A whole number of 0 or more. */
export const count = z.number().int().nonnegative()

/** A whole number from `least` to `most`, given as decimal text in a query; `initial` when absent. */
export function queryNumber(least: number, most: number, initial: number) {
  const rule = `Give a whole number from ${least} to ${most}`
  return z
    .union([z.number(), z.string().regex(/^-?\d{1,10}$/, rule)], { error: rule })
    .transform(Number)
    .pipe(z.number().int(rule).min(least, rule).max(most, rule))
    .default(initial)
}
