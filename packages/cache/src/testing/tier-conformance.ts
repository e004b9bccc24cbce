import assert from 'node:assert/strict'
import type { Tier, TierRecord } from '../tier.ts'
import type { FakeClock } from './fake-clock.ts'
import { tierLacks } from './tier-lacks.ts'
import { tierListing } from './tier-listing.ts'
import { type TierCheck, assertSame } from './tier-stage.ts'

/** An empty tier under test, on a clock that the suite moves. */
export interface TierUnderTest {
  readonly tier: Tier
  readonly clock: FakeClock
  /** Throws away what was opened. */
  readonly close: () => Promise<void>
}

/** One case of a conformance suite: `for (const { name, run } of cases) test(name, run)`. */
export interface ConformanceCase {
  readonly name: string
  readonly run: () => Promise<void>
}

const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte)
const strangeKeys = [
  'p:%3A%7B%7D',
  'p:%uD800',
  'p:订票:上海',
  'p:😀',
  "p:'; DROP TABLE x; --",
  'p:"quoted"',
  'p:back\\slash',
  'p:a b',
]

const checks: readonly TierCheck[] = [
  [
    'reads in the order of the keys, undefined for a miss, a key given twice twice',
    async ({ tier, record }) => {
      await tier.write([record('p:a'), record('p:b')])
      const found = await tier.read(['p:b', 'p:none', 'p:a', 'p:b'])
      assert.deepEqual(
        found.map((one) => one?.key),
        ['p:b', undefined, 'p:a', 'p:b'],
      )
      assert.deepEqual(await tier.read([]), [])
    },
  ],
  [
    'a write replaces all of a record: body, kind, sidecar, times',
    async ({ tier, clock, record }) => {
      await tier.write([record('p:a', { body: '{"v":1}', sidecar: '{"k":"p:a"}' })])
      assertSame((await tier.read(['p:a']))[0], record('p:a', { body: '{"v":1}', sidecar: '{"k":"p:a"}' }))
      const binary = record('p:a', { body: everyByte, createdAt: clock.now() + 1, expiresAt: Infinity })
      await tier.write([binary])
      assertSame((await tier.read(['p:a']))[0], binary)
      await tier.write([record('p:a')])
      assertSame((await tier.read(['p:a']))[0], record('p:a'))
    },
  ],
  [
    'keeps every byte, empty bodies, NUL escapes and text beyond the BMP',
    async ({ tier, record }) => {
      const written = [
        record('p:bytes', { body: everyByte }),
        record('p:part', { body: everyByte.subarray(100, 200) }),
        record('p:no-bytes', { body: new Uint8Array(0) }),
        record('p:no-text', { body: '' }),
        record('p:escape', { body: JSON.stringify({ nul: '\0', lone: '\ud800', line: '\u2028' }) }),
        record('p:wide', { body: JSON.stringify('机票 😀 é'), sidecar: JSON.stringify({ t: ['标签 😀'] }) }),
      ]
      await tier.write(written)
      const found = await tier.read(written.map(({ key }) => key))
      for (const [index, one] of written.entries()) assertSame(found[index], one)
    },
  ],
  [
    'keys are exact: unicode, percent signs, quotes, 1024 bytes, case',
    async ({ tier, record }) => {
      const keys = [...strangeKeys, `p:${'k'.repeat(1022)}`, 'p:case', 'p:CASE']
      await tier.write(keys.map((key) => record(key, { body: JSON.stringify(key) })))
      const found = await tier.read(keys)
      for (const [index, key] of keys.entries()) assert.equal(found[index]?.body, JSON.stringify(key))
      assert.equal((await tier.remove(keys)).length, keys.length)
      assert.deepEqual(
        await tier.read(keys),
        keys.map(() => undefined),
      )
    },
  ],
  [
    'a write takes all of its records or, when the store refuses one of them, none',
    async ({ tier, record }) => {
      // NUL is text that some stores cannot hold; the engine never writes it, since JSON escapes it.
      const written = [record('p:a'), record('p:b', { body: '"\0"' }), record('p:c')]
      const taken = await tier.write(written).then(
        () => 3,
        () => 0,
      )
      const found = await tier.read(written.map(({ key }) => key))
      assert.equal(found.filter((one) => one !== undefined).length, taken)
    },
    'atomicWrite',
  ],
  [
    'an expired record is never read, and not told as removed; one that lives for ever is',
    async ({ tier, clock, record }) => {
      await tier.write([
        record('p:short', { expiresAt: clock.now() + 1_000 }),
        record('p:ever', { expiresAt: Infinity }),
      ])
      await clock.advance(999)
      assert.notEqual((await tier.read(['p:short']))[0], undefined)
      await clock.advance(1)
      assert.deepEqual(
        (await tier.read(['p:short', 'p:ever'])).map((one) => one?.expiresAt),
        [undefined, Infinity],
      )
      assert.deepEqual(await tier.remove(['p:short', 'p:ever']), ['p:ever'])
    },
  ],
  [
    'remove tells how many there were, and the rest stays',
    async ({ tier, record }) => {
      await tier.write([record('p:a'), record('p:b'), record('p:c')])
      assert.equal((await tier.remove(['p:a', 'p:none', 'p:b'])).length, 2)
      assert.equal((await tier.remove(['p:a'])).length, 0)
      assert.equal((await tier.remove([])).length, 0)
      assert.deepEqual(
        (await tier.read(['p:a', 'p:b', 'p:c'])).map((one) => one?.key),
        [undefined, undefined, 'p:c'],
      )
    },
  ],
  [
    'of removals at once only one is told of a key',
    async ({ tier, record }) => {
      const keys = Array.from({ length: 20 }, (_, index) => `p:${index}`)
      await tier.write(keys.map((key) => record(key)))
      const told = await Promise.all([tier.remove(keys), tier.remove(keys.toReversed()), tier.remove(keys)])
      assert.deepEqual(told.flat().toSorted(), keys.toSorted())
    },
    'exactRemove',
  ],
  [
    '50 writes and reads at once do not mix',
    async ({ tier, record }) => {
      const keys = Array.from({ length: 50 }, (_, index) => `p:${index}`)
      await Promise.all(
        keys.flatMap((key) => [tier.write([record(key, { body: JSON.stringify(key) })]), tier.read(keys)]),
      )
      const found = await Promise.all(keys.map(async (key) => (await tier.read([key]))[0]?.body))
      assert.deepEqual(
        found,
        keys.map((key) => JSON.stringify(key)),
      )
      await Promise.all(keys.map(async () => tier.write(keys.toReversed().map((key) => record(key)))))
      assert.ok((await tier.read(keys)).every((one, index) => one?.key === keys[index]))
    },
  ],
]

/**
 * The cases that every tier passes; `open` gives an empty one each time. They use node:assert alone, so any
 * runner will do: `for (const { name, run } of tierConformance(open)) test(name, run)`. A case that needs what the tier
 * declares it lacks is left out in print, and the tier must then refuse: see `TierCapabilities`.
 */
export function tierConformance(open: () => Promise<TierUnderTest>): readonly ConformanceCase[] {
  return [...checks, ...tierListing, ...tierLacks].map(([name, check, needs]) => ({
    name,
    async run() {
      const { tier, clock, close } = await open()
      const record = (key: string, change: Partial<TierRecord> = {}): TierRecord => ({
        key,
        body: '{"value":true}',
        createdAt: clock.now(),
        expiresAt: clock.now() + 60_000,
        ...change,
      })
      try {
        await tier.open()
        await tier.open()
        await tier.ping()
        if (needs !== undefined && tier.capabilities?.[needs] === false)
          console.info(`not checked, since tier "${tier.name}" declares that it lacks ${needs}: ${name}`)
        else await check({ tier, clock, record })
        await tier.close()
      } finally {
        await close()
      }
    },
  }))
}
