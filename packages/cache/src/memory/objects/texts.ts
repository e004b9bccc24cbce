const wide = /[^\0-\xff]/
const scratch = Buffer.allocUnsafe(4_096)
/** Below this V8 makes no text of parts, and no part of a text. */
const shortest = 13

/**
 * The same text in one piece. V8 keeps a text that was joined from parts as these parts, and one that was cut out of
 * another with all of the other: more bytes for each key, and one place of memory more to go to at each look.
 */
export function inOnePiece(text: string): string {
  if (text.length < shortest || text.length * 2 > scratch.length) return text
  const encoding = wide.test(text) ? 'utf16le' : 'latin1'
  return scratch.toString(encoding, 0, scratch.write(text, encoding))
}

/**
 * A text that is kept for long, or the one that its reader has, where that is the same and is sure to be no part of
 * another: two that are one are told to be equal without a look at their letters.
 */
export function ownText(text: string, readers: unknown): string {
  if (typeof readers === 'string' && readers.length < shortest && readers === text) return readers
  return inOnePiece(text)
}
