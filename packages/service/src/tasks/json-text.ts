// NUL and halves of surrogate pairs, which no database takes in text or jsonb.
const unstorable = /[\0\p{Cs}]/gu

/** A text that every store takes. */
export function plainText(text: string): string {
  return text.replaceAll(unstorable, '\u{FFFD}')
}

/** A value as JSON that every store takes; undefined is null. @throws TypeError for what JSON cannot hold */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'string' ? plainText(part) : part,
  )
  return text ?? 'null'
}
