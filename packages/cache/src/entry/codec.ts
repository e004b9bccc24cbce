import { createHash } from 'node:crypto'
import type { Codec } from '../codec/codec.ts'
import type { BoundSpace } from '../key/catalog.ts'
import { type Entry, type Position, type Provenance, keepUntil } from './entry.ts'
import { decodeFrame, encodeFrame } from './frame.ts'
import { makeEntry, makeHeader, readHeader, shift } from './header.ts'
import type { TierRecord } from '../tier.ts'

/** An entry as tiers below memory keep it, its times `offset` ahead of this process. A document ends with its fresh life, so that its key's own expiry tells the truth. */
export function encode(
  space: BoundSpace,
  { key, entry, line }: { readonly key: string; readonly entry: Entry; readonly line?: string | undefined },
  { codec, offset }: { readonly codec: Codec; readonly offset: number },
): TierRecord {
  const header = makeHeader(key, shift(entry, offset), line)
  const { createdAt } = entry
  if (space.settings.format === 'document') {
    const body = space.settings.text ? String(entry.value) : documentText(entry.value, entry.meta)
    return {
      key,
      body,
      sidecar: JSON.stringify({ ...header, d: digest(body) }),
      createdAt,
      expiresAt: entry.freshUntil,
    }
  }
  const body = encodeFrame(header, JSON.stringify(entry.value), codec)
  return { key, body, createdAt, expiresAt: keepUntil(entry.freshUntil, space.settings) }
}

/** The version of what another program wrote. */
export const foreign = 'foreign'

/** What reading a record needs to know. */
export interface Reading {
  /** The position that a document from another program gets. */
  readonly now: Position
  /** Milliseconds by which stored times are ahead of this process. */
  readonly offset: number
  readonly codec: Codec
  /** Whether a document is a string itself and not JSON. */
  readonly text: boolean
}

/** The entry of a record, in the times of this process, or why it cannot be read. */
export function decode(key: string, record: TierRecord, reading: Reading): Entry | string {
  return typeof record.body === 'string'
    ? decodeDocument(key, record, reading)
    : decodeFrame(key, record.body, reading)
}

function decodeDocument(key: string, record: TierRecord, reading: Reading): Entry | string {
  const { now, offset } = reading
  const text = record.body as string
  let value: unknown
  let meta: Provenance = {}
  try {
    value = reading.text ? text : JSON.parse(text)
  } catch {
    return 'the document is not JSON'
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && '_cache' in value) {
    const { _cache, ...rest } = value
    value = rest
    if (typeof _cache === 'object' && _cache !== null) meta = _cache
  }
  const bytes = Buffer.byteLength(text)
  const header = readSidecar(record.sidecar)
  if (header !== undefined && header.d === digest(text)) {
    return header.k === key
      ? makeEntry(header, value, { bytes, offset })
      : 'the document belongs to another key'
  }
  // Another program wrote it: nothing is known but the value and the life that the store gives it.
  return {
    value,
    createdAt: record.createdAt,
    freshUntil: record.expiresAt,
    asOf: now,
    tags: [],
    meta,
    loadTime: 0,
    version: foreign,
    bytes,
  }
}

function readSidecar(sidecar: string | undefined): ReturnType<typeof readHeader> {
  try {
    return sidecar === undefined ? undefined : readHeader(JSON.parse(sidecar))
  } catch {
    return undefined
  }
}

/** Plain JSON; provenance in `_cache` of an object, where there is any. */
function documentText(value: unknown, meta: Provenance): string {
  const carries =
    typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(meta).length > 0
  return JSON.stringify(carries ? { ...value, _cache: meta } : value)
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
