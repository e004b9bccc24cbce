// What may stand in the log for ever and be read by every administrator. Values whose names say that they are secret are
// blotted out, and so are texts that look like one; everything is bounded, since a caller decides how much it sends.

const blot = '[redacted]'
const longestText = 500
const mostItems = 50
const mostDepth = 6
const mostBytes = 8192

const secretName =
  /(pass(word|wd|phrase|code)?|secret|credential|authorization|cookie|signature|api_?key|(private|access|signing|encryption)_?key|token)s?$/i
const secretText =
  /\b(Bearer|Basic) +[\w+/=.~-]{8,}|\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*|(?<=:\/\/[^\s/:@]*:)[^\s/@]+(?=@)/g

/** A text that every database takes, of at most `longest` characters: no NUL, no broken characters, no secrets. */
export function cleanText(text: string, longest: number): string {
  // Cut before it is searched, so that a hostile text costs no more than a short one.
  const near = text.slice(0, longest * 4).replaceAll(/\0|\p{Cs}/gu, '\u{FFFD}')
  const plain = near.replaceAll(secretText, blot)
  return plain.length > longest ? `${plain.slice(0, longest - 1)}…`.replaceAll(/\p{Cs}/gu, '') : plain
}

/** Details as the log keeps them: JSON of at most 8 KiB, secrets blotted out, long texts, lists and depths cut. */
export function boundedDetails(details: object): Record<string, unknown> {
  const plain = bound(details, 0)
  if (typeof plain !== 'object' || plain === null || Array.isArray(plain)) return {}
  const bytes = Buffer.byteLength(JSON.stringify(plain))
  return bytes <= mostBytes ? { ...plain } : { cut: `${bytes} bytes of details were too many` }
}

function bound(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return cleanText(value, longestText)
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value === 'boolean' || value === null) return value
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object') return undefined
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (depth >= mostDepth) return '…'
  if (Array.isArray(value)) {
    const items = value.slice(0, mostItems).map((item) => bound(item, depth + 1) ?? null)
    return value.length > mostItems ? [...items, `… ${value.length - mostItems} more`] : items
  }
  const all = Object.entries(value).filter(([, item]) => item !== undefined && typeof item !== 'function')
  const kept = all
    .slice(0, mostItems)
    .map(([name, item]) => [cleanText(name, 100), isSecret(name, item) ? blot : bound(item, depth + 1)])
  if (all.length > mostItems) kept.push(['…', `${all.length - mostItems} more`])
  return Object.fromEntries(kept)
}

/** `max_tokens: 100` is a count, `token: "…"` is not. */
function isSecret(name: string, value: unknown): boolean {
  if (value === null || typeof value === 'boolean') return false
  return secretName.test(name) && !(typeof value === 'number' && name.endsWith('s'))
}
