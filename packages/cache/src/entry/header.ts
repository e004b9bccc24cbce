import type { Entry, Provenance } from './entry.ts'

/** What is stored beside a value, with short names and the version first, where a script finds it: version, line of values, key, creation, end of fresh life (null for ever), position, tags, provenance, load time, digest. */
export interface Header {
  readonly v: string
  /** The line that upgrades compare; absent where none was named. */
  readonly g?: string | undefined
  readonly k: string
  readonly c: number
  readonly f: number | null
  readonly a: readonly [era: string, n: number]
  readonly t: readonly string[]
  readonly m: Provenance
  readonly l: number
  /** SHA-256 of a document's text, first 16 hex digits; frames need none. */
  readonly d?: string
}

/** The header of an entry under its key, and of the line of values that it keeps to. */
export function makeHeader(key: string, entry: Entry, line?: string): Header {
  return {
    v: entry.version,
    g: line,
    k: key,
    c: entry.createdAt,
    f: entry.freshUntil === Infinity ? null : entry.freshUntil,
    a: [entry.asOf.era, entry.asOf.n],
    t: entry.tags,
    m: entry.meta,
    l: entry.loadTime,
  }
}

/** A header read from a store, or undefined when it is not one. */
export function readHeader(stored: unknown): Header | undefined {
  if (typeof stored !== 'object' || stored === null) return undefined
  const { k, c, f, a, t, m, l, v } = stored as Partial<Header>
  const sound =
    typeof k === 'string' &&
    typeof c === 'number' &&
    (f === null || typeof f === 'number') &&
    Array.isArray(a) &&
    typeof a[0] === 'string' &&
    typeof a[1] === 'number' &&
    Array.isArray(t) &&
    t.every((tag) => typeof tag === 'string') &&
    typeof m === 'object' &&
    m !== null &&
    typeof l === 'number' &&
    typeof v === 'string'
  return sound ? (stored as Header) : undefined
}

/** The entry of a header and its value. */
export function makeEntry(
  header: Header,
  value: unknown,
  { bytes, offset }: { bytes: number; offset: number },
): Entry {
  return {
    value,
    createdAt: header.c - offset,
    freshUntil: header.f === null ? Infinity : header.f - offset,
    asOf: { era: header.a[0], n: header.a[1] },
    tags: header.t,
    meta: header.m,
    loadTime: header.l,
    version: header.v,
    bytes,
  }
}

/** The same entry with its times moved by so many milliseconds, to or from the time of a store. */
export function shift(entry: Entry, milliseconds: number): Entry {
  if (milliseconds === 0) return entry
  const { value, createdAt, freshUntil, asOf, tags, meta, loadTime, version, bytes } = entry
  return {
    value,
    createdAt: createdAt + milliseconds,
    freshUntil: freshUntil + milliseconds,
    asOf,
    tags,
    meta,
    loadTime,
    version,
    bytes,
  }
}
