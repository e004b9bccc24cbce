/** A sentence in the forms that recognition needs. `text` and `lower` have the same length, so spans hold in both. */
export interface Normalised {
  /** NFKC, without control characters, runs of white space made one, trimmed; letters keep their case. */
  readonly text: string
  /** `text` with its Latin letters in lower case: what is matched. */
  readonly lower: string
}

/** What full-width forms, odd spaces and capitals make of one sentence; the original stays with the caller. */
export function normalise(original: string): Normalised {
  const text = original
    .normalize('NFKC')
    .replace(/[\p{Cc}\p{Cf}]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return { text, lower: lowerCase(text) }
}

/** Lower case of one-to-one letters only: `İ` would grow to two characters and move every span after it. */
export function lowerCase(text: string): string {
  const lower = text.toLowerCase()
  if (lower.length === text.length) return lower
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}
