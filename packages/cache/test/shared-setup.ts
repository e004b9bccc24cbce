import assert from 'node:assert/strict'
import { createCodec } from '../src/codec/codec.ts'
import { encodeFrame } from '../src/entry/frame.ts'
import { makeHeader } from '../src/entry/header.ts'
import type { Acquired, Shared, SharedKey } from '../src/cluster/shared.ts'
import type { TierRecord } from '../src/tier.ts'

/** What a store's options may be in a case. */
export interface SharedOpenOptions {
  readonly descriptor?: string
  /** Most records that the log keeps, about. */
  readonly maxLength?: number
  /** Milliseconds for which an expired lease that nobody took may still store. */
  readonly leaseGrace?: number
}

/** A catalog that a case has for itself. */
export interface SharedSetup {
  /** The catalog's prefix; keys are the prefix, a colon and more. */
  readonly prefix: string
  /** Opens a store of the catalog, as one more process would. */
  open(options?: SharedOpenOptions): Promise<Shared>
  /** Resolves when so many milliseconds have gone by at the store. */
  pass(milliseconds: number): Promise<void>
  /** The caller's time in milliseconds since 1970. */
  now(): number
  /** Writes a plain value at a key, for ever, as a program that knows nothing of this cache. */
  writeForeign(key: string, body: string): Promise<void>
  /** Loses what the log's node holds of this catalog, as a restart without a disk or an eviction does. */
  loseLog(): Promise<void>
  /** Closes every store and removes what there is. */
  end(): Promise<void>
}

/** One promise of a shared store. */
export interface SharedCase {
  readonly name: string
  readonly run: (setup: SharedSetup) => Promise<void>
}

/** A key of a catalog. */
export function keyOf(setup: SharedSetup, name: string, format: SharedKey['format'] = 'entry'): SharedKey {
  return { key: `${setup.prefix}:${name}`, format }
}

/** What a made-up record may differ in. */
export interface RecordOptions {
  readonly version?: string
  readonly value?: unknown
  /** Milliseconds it lives; for ever unless told. */
  readonly life?: number
  /** The line of values in its header. */
  readonly gen?: string
}

/** A record as the engine makes one. */
export function recordOf(
  setup: SharedSetup,
  { key, format }: SharedKey,
  options: RecordOptions = {},
): TierRecord {
  const { version = 'v1', value = 'value', life = Infinity, gen } = options
  const createdAt = setup.now()
  const header = {
    ...makeHeader(key, {
      value,
      createdAt,
      freshUntil: createdAt + life,
      asOf: { era: 'e', n: 0 },
      tags: ['tag'],
      meta: {},
      loadTime: 1,
      version,
      bytes: 1,
    }),
    ...(gen !== undefined && { g: gen }),
  }
  const text = JSON.stringify(value)
  const common = { key, createdAt, expiresAt: createdAt + life }
  return format === 'document'
    ? { ...common, body: text, sidecar: JSON.stringify(header) }
    : { ...common, body: encodeFrame(header, text, createCodec({ maxBytes: 1_048_576 })) }
}

/** Stores a record under a lease of its own. */
export async function put(
  setup: SharedSetup,
  store: Shared,
  key: SharedKey,
  options: RecordOptions = {},
): Promise<TierRecord> {
  const record = recordOf(setup, key, options)
  const token = `put-${options.version ?? 'v1'}`
  const { acquired } = await store.acquire(key, { token, lease: 10_000, force: true })
  assert.equal(acquired.kind, 'granted')
  const { version = 'v1' } = options
  assert.equal(await store.store(record, { token, version, format: key.format }), true, 'the put is stored')
  return record
}

/** The answer to asking for a lease with a token. */
export async function ask(
  store: Shared,
  key: SharedKey,
  token: string,
  options: Partial<Parameters<Shared['acquire']>[1]> = {},
): Promise<Acquired> {
  return (await store.acquire(key, { token, lease: 10_000, ...options })).acquired
}

/** The one record of a key. */
export async function readOne(store: Shared, key: SharedKey): Promise<TierRecord | undefined> {
  return (await store.read([key])).records[0]
}

/** Whether two bodies are the same bytes. */
export function sameBody(found: TierRecord | undefined, expected: TierRecord): void {
  assert.ok(found, 'there is a record')
  assert.equal(typeof found.body, typeof expected.body)
  assert.equal(Buffer.compare(Buffer.from(found.body as string), Buffer.from(expected.body as string)), 0)
}

/** Tries until a promise holds, at most five seconds of the store's time. */
export async function eventually(setup: SharedSetup, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (await holds()) return
    await setup.pass(10)
  }
  assert.fail('it did not come about in five seconds')
}
