import type { TierRecord } from '../tier.ts'

/** A record as a store keeps it, in the envelope that Keyv itself uses: `{"value":{…},"expires":…}`. */
interface Stored {
  readonly k: string
  readonly c: number
  /** Null for ever. */
  readonly e: number | null
  /** The body as text, or as base64. */
  readonly t?: string
  readonly b?: string
  readonly s?: string
}

/** The text of a record. */
export function encodeRecord({ key, body, sidecar, createdAt, expiresAt }: TierRecord): string {
  const expires = expiresAt === Infinity ? null : expiresAt
  const value: Stored = {
    k: key,
    c: createdAt,
    e: expires,
    ...(typeof body === 'string' ? { t: body } : { b: Buffer.from(body).toString('base64') }),
    ...(sidecar === undefined ? {} : { s: sidecar }),
  }
  return JSON.stringify({ value, ...(expires === null ? {} : { expires: Math.ceil(expires) }) })
}

/** The record of what a store returned for a key, text or already parsed; undefined for anything else. */
export function decodeRecord(key: string, found: unknown): TierRecord | undefined {
  let envelope = found
  try {
    if (typeof found === 'string') envelope = JSON.parse(found)
  } catch {
    return undefined
  }
  if (typeof envelope !== 'object' || envelope === null || !('value' in envelope)) return undefined
  const stored = envelope.value
  if (!isStored(stored) || stored.k !== key) return undefined
  const { c, e, t, b = '', s } = stored
  return {
    key,
    body: t ?? Buffer.from(b, 'base64'),
    ...(s === undefined ? {} : { sidecar: s }),
    createdAt: c,
    expiresAt: e ?? Infinity,
  }
}

function isStored(value: unknown): value is Stored {
  if (typeof value !== 'object' || value === null) return false
  const { k, c, e, t, b, s } = value as Partial<Record<keyof Stored, unknown>>
  return (
    typeof k === 'string' &&
    typeof c === 'number' &&
    (e === null || typeof e === 'number') &&
    (typeof t === 'string' ? b === undefined : typeof b === 'string') &&
    (s === undefined || typeof s === 'string')
  )
}
