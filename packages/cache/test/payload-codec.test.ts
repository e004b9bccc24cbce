import { randomBytes } from 'node:crypto'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { type TierRecord, createCache, defineCatalog, defineSpace, onEvent } from '@reprise/cache'
import type { CacheOptions } from '@reprise/cache'
import { createFakeClock, mapTier } from '@reprise/cache/testing'
import * as fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type CodecOptions, createCodec } from '../src/codec/codec.ts'

const key = (id: string): { id: string; key: Uint8Array } => ({ id, key: randomBytes(32) })
const [first, second, third] = [key('2026-01'), key('2026-02'), key('other')]
const head = (flags: number): Uint8Array => Buffer.from(`head of p:a, flags ${flags}`)
const codec = (options: Partial<CodecOptions>): ReturnType<typeof createCodec> =>
  createCodec({ maxBytes: 10_000_000, ...options })

/** A stored payload and its flags; what is done to none is stored as it is. */
function store(options: Partial<CodecOptions>, payload: string): { flags: number; bytes: Uint8Array } {
  let flags = 0
  const stored = codec(options).encode(payload, (given) => head((flags = given)))
  return { flags, bytes: stored?.[1] ?? Buffer.from(payload) }
}
const load = (options: Partial<CodecOptions>, { flags, bytes }: ReturnType<typeof store>): unknown => {
  const found = codec(options).decode(flags, bytes, head(flags))
  return typeof found === 'string' ? { reason: found } : Buffer.from(found).toString()
}
const miss = (reason: RegExp): unknown => ({ reason: expect.stringMatching(reason) as unknown })

const ways: Record<string, Partial<CodecOptions>> = {
  gzip: { compression: { algorithm: 'gzip', above: 0 } },
  brotli: { compression: { algorithm: 'brotli', above: 0 } },
  sealed: { encryption: { keys: [first] } },
  'brotli, sealed': {
    compression: { algorithm: 'brotli', above: 100 },
    encryption: { keys: [first, second] },
  },
}

describe.each(Object.entries(ways))('%s', (_, options) => {
  test('any text comes back as it was', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 3_000 }),
      fc.json(),
      fc.string({ maxLength: 40 }).map((part) => part.repeat(500)),
    )
    fc.assert(
      fc.property(text, (payload) => {
        expect(load(options, store(options, payload))).toBe(Buffer.from(payload).toString())
      }),
      { numRuns: 300 },
    )
  })
})

describe('compression', () => {
  const long = JSON.stringify(Array.from({ length: 200 }, (_, n) => ({ city: '上海', n })))

  test('begins at its size and stays only where it saves a tenth', () => {
    const brotli = { compression: { algorithm: 'brotli', above: 1_024 } } as const
    expect(store(brotli, long)).toMatchObject({ flags: 2 })
    expect(store(brotli, long).bytes.length).toBeLessThan(Buffer.byteLength(long) / 5)
    expect(store({ compression: { algorithm: 'gzip' } }, long).flags).toBe(1)
    expect(store(brotli, long.slice(0, 700)).flags).toBe(0)
    expect(store({ compression: { algorithm: 'gzip', above: 100_000 } }, long).flags).toBe(0)
    expect(store(ways['brotli'] ?? {}, 'abcdefghijklmnopqrstuvwxyz0123456789').flags).toBe(0)
  })

  test('packed payloads are read whatever is set now', () => {
    for (const way of ['gzip', 'brotli']) expect(load({}, store(ways[way] ?? {}, long))).toBe(long)
  })

  test('a payload that unpacks to more than a value may have is a miss, and so is a damaged one', () => {
    const bomb = Buffer.alloc(50_000_000, ' ')
    for (const [flags, bytes] of [
      [1, gzipSync(bomb)],
      [2, brotliCompressSync(bomb)],
    ] as const) {
      expect(load({ maxBytes: 1_000_000 }, { flags, bytes })).toEqual(
        miss(/unpacks to more than 1000000 bytes/),
      )
      expect(load({}, { flags, bytes: bytes.subarray(0, 20) })).toEqual(miss(/cannot be unpacked/))
    }
    for (const flags of [3, 7, 8, 255])
      expect(load({}, { flags, bytes: bomb })).toEqual(miss(/not known here/))
  })
})

describe('encryption', () => {
  const sealing = { encryption: { keys: [first] } }
  const secret = '{"diagnosis":"…"}'

  test('hides the payload, and no two sealed ones are alike', () => {
    const [one, other] = [store(sealing, secret), store(sealing, secret)]
    expect(Buffer.from(one.bytes).includes('diagnosis')).toBe(false)
    expect(one.bytes).not.toEqual(other.bytes)
  })

  test('a change of any byte of payload or head, or a cut, is a miss', () => {
    const { flags, bytes } = store(sealing, secret)
    const decode = (changed: Uint8Array, bound: Uint8Array): unknown =>
      codec(sealing).decode(flags, changed, bound)
    expect(decode(bytes, head(flags))).toBeInstanceOf(Uint8Array)
    const flips = fc.record({
      place: fc.nat(1_000),
      flip: fc.integer({ min: 1, max: 255 }),
      inHead: fc.boolean(),
    })
    fc.assert(
      fc.property(flips, ({ place, flip, inHead }) => {
        const [changed, bound] = [Buffer.from(bytes), Buffer.from(head(flags))]
        const target = inHead ? bound : changed
        target[place % target.length] = (target[place % target.length] as number) ^ flip
        expect(decode(changed, bound)).toBeTypeOf('string')
      }),
      { numRuns: 500 },
    )
    for (let length = 0; length < bytes.length; length += 1)
      expect(decode(bytes.subarray(0, length), head(flags))).toBeTypeOf('string')
  })

  test('keys rotate: the first seals, all open, and one that is gone is a miss that names it', () => {
    const old = store(sealing, secret)
    expect(load({ encryption: { keys: [second, first] } }, old)).toBe(secret)
    const fresh = store({ encryption: { keys: [second, first] } }, secret)
    expect(load(sealing, fresh)).toEqual(miss(/sealed with key "2026-02", which is not known/))
    expect(load({ encryption: { keys: [{ id: first.id, key: third.key }] } }, old)).toEqual(
      miss(/does not authenticate/),
    )
  })

  test('what is not sealed is a miss where there are keys, and the other way round', () => {
    expect(load(sealing, store({}, secret))).toEqual(miss(/is not sealed/))
    expect(load(sealing, store(ways['gzip'] ?? {}, secret.repeat(100)))).toEqual(miss(/is not sealed/))
    expect(load({}, store(sealing, secret))).toEqual(miss(/has no keys/))
  })

  test('bad options are refused without showing a key', () => {
    const bad = [
      [],
      [first, first],
      [{ id: '', key: first.key }],
      [{ id: 'x', key: 'c2hvcnQ=' }],
      [{ id: '钥', key: first.key }],
    ]
    for (const keys of bad)
      expect(() => codec({ encryption: { keys } })).toThrow(
        expect.objectContaining({ code: 'E_OPTION_INVALID' }),
      )
    expect(() => codec({ encryption: { keys: [{ id: 'x', key: 'c2hvcnQ=' }] } })).not.toThrow(/c2hvcnQ/)
    const base64 = {
      encryption: { keys: [{ id: first.id, key: Buffer.from(first.key).toString('base64') }] },
    }
    expect(load(base64, store(sealing, secret))).toBe(secret)
    for (const compression of [{ algorithm: 'zip' }, { algorithm: 'gzip', above: -1 }])
      expect(() => codec({ compression } as never)).toThrow(
        expect.objectContaining({ code: 'E_OPTION_INVALID' }),
      )
  })
})

describe('in a cache', () => {
  const notes = defineSpace({ name: 'note', key: 'note:{id}', schema: z.string(), ttl: '10m' })
  const texts = defineSpace({
    name: 'text',
    key: 'text:{id}',
    schema: z.string(),
    ttl: '10m',
    format: 'document',
  })
  const records = new Map<string, TierRecord>()
  const clock = createFakeClock()
  const stops: (() => void)[] = []
  afterEach(() => {
    records.clear()
    stops.splice(0).forEach((stop) => stop())
  })
  const open = async (options: Pick<CacheOptions, 'compression' | 'encryption'>, spaces = [notes]) => {
    const catalog = defineCatalog({ prefix: 'p', spaces })
    const tiers = [mapTier({ clock, records })]
    return createCache({ catalog, clock, tiers, memory: { maxEntries: 0 }, ...options })
  }
  const long = '很长的文字 '.repeat(500)
  const bodyAt = (at: string): Buffer => Buffer.from(records.get(at)?.body ?? '')

  test('values are small and secret below memory, and whole above', async () => {
    const cache = await open({ compression: { algorithm: 'brotli' }, encryption: { keys: [first] } })
    const handle = cache.open(notes)
    await handle.set({ id: 1 }, long, { tags: ['a'] })
    expect(bodyAt('p:note:1').length).toBeLessThan(500)
    expect(await handle.find({ id: 1 })).toMatchObject({ value: long, tags: ['a'] })
    await cache.invalidate({ tags: ['a'] })
    expect(await handle.get({ id: 1 })).toBeUndefined()
  })

  test('any changed byte of a frame is a miss with an event and never an error, as is a frame moved to another key', async () => {
    const cache = await open({ encryption: { keys: [first] } })
    const handle = cache.open(notes)
    await handle.set({ id: 1 }, 'a secret', { tags: ['t'], meta: { model: 'm' } })
    const whole = records.get('p:note:1') as TierRecord
    const events: string[] = []
    stops.push(onEvent('entry-unreadable', ({ reason }) => events.push(reason)))
    const bytes = bodyAt('p:note:1')
    for (let place = 0; place < bytes.length; place += 1) {
      const changed = Buffer.from(bytes)
      changed[place] = (changed[place] as number) ^ (1 + (place % 255))
      records.set('p:note:1', { ...whole, body: changed })
      expect(await handle.get({ id: 1 })).toBeUndefined()
    }
    expect(events).toHaveLength(bytes.length)
    records.set('p:note:2', { ...whole, key: 'p:note:2' })
    expect(await handle.get({ id: 2 })).toBeUndefined()
    expect(events.at(-1)).toBe('the frame belongs to another key')
    records.set('p:note:1', { ...whole, body: '"planted"' })
    expect(await handle.get({ id: 1 })).toBeUndefined()
    expect(events.at(-1)).toBe('it is plain text, and this cache has keys')
    expect(await handle.getOrLoad({ id: 1 }, () => 'loaded')).toBe('loaded')
    expect(cache.stats().total.errors).toBe(bytes.length + 3)
  })

  test('a frame of another key of the same length does not open under this one', async () => {
    const cache = await open({ encryption: { keys: [first] } })
    const handle = cache.open(notes)
    await handle.set({ id: 1 }, 'one')
    const moved = bodyAt('p:note:1')
    moved[moved.indexOf('p:note:1') + 7] = 0x32
    records.set('p:note:2', { ...(records.get('p:note:1') as TierRecord), key: 'p:note:2', body: moved })
    const events: string[] = []
    stops.push(onEvent('entry-unreadable', ({ reason }) => events.push(reason)))
    expect(await handle.get({ id: 2 })).toBeUndefined()
    expect(events[0]).toMatch(/does not authenticate/)
  })

  test('turning encryption on makes what was plain a miss; documents are refused unless allowed', async () => {
    await (await open({})).open(notes).set({ id: 1 }, 'plain')
    const cache = await open({ encryption: { keys: [first] } })
    expect(await cache.open(notes).get({ id: 1 })).toBeUndefined()
    const keys = [first]
    await expect(open({ encryption: { keys } }, [texts] as never)).rejects.toMatchObject({
      code: 'E_OPTION_INVALID',
    })
    const both = await open({ encryption: { keys, allowPlainDocuments: true } }, [notes, texts] as never)
    await both.open(texts).set({ id: 1 }, 'a document')
    expect(records.get('p:text:1')?.body).toBe('"a document"')
    expect(await both.open(texts).get({ id: 1 })).toBe('a document')
  })
})
