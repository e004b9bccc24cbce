import assert from 'node:assert/strict'
import { type TierCheck, listAll } from './tier-stage.ts'

const sorted = (keys: readonly string[]): string[] =>
  keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))

const checks: readonly TierCheck[] = [
  [
    'an expired record is never listed or counted',
    async ({ tier, clock, record }) => {
      await tier.write([
        record('p:short', { expiresAt: clock.now() + 1_000 }),
        record('p:ever', { expiresAt: Infinity }),
      ])
      await clock.advance(1_000)
      assert.deepEqual(
        (await listAll(tier, 'p:', 10)).map(({ key, expiresAt }) => [key, expiresAt]),
        [['p:ever', Infinity]],
      )
      assert.equal((await tier.usage('p:')).entries, 1)
    },
  ],
  [
    'pages give every key once, in one order, whatever the limit',
    async ({ tier, record }) => {
      const keys = Array.from(
        { length: 23 },
        (_, index) => `p:${(index * 7) % 23}:${'订A_%a😀'.slice(index % 5)}`,
      )
      await tier.write(keys.map((key) => record(key)))
      const whole = (await listAll(tier, 'p:', 100)).map(({ key }) => key)
      assert.deepEqual(sorted(whole), sorted(keys))
      for (const limit of [1, 2, 7, 22, 23, 24]) {
        assert.deepEqual(
          (await listAll(tier, 'p:', limit)).map(({ key }) => key),
          whole,
        )
      }
    },
  ],
  [
    'a prefix is plain text: no wildcards, and nothing beside it',
    async ({ tier, record }) => {
      const keys = ['p:a', 'p:a:1', 'p:ab', 'p%:a', 'pp:a', 'p_:a', 'px:a', 'P:a', 'p\\:a', 'p']
      await tier.write(keys.map((key) => record(key)))
      for (const prefix of ['p:', 'p:a', 'p:a:', 'p%', 'p_', 'p\\', 'pp:', 'p', 'P:', '%', '_', 'q:']) {
        const wanted = sorted(keys.filter((key) => key.startsWith(prefix)))
        assert.deepEqual(sorted((await listAll(tier, prefix, 2)).map(({ key }) => key)), wanted, prefix)
        assert.equal((await tier.usage(prefix)).entries, wanted.length, prefix)
      }
    },
  ],
  [
    'keys that come and go between pages hide no others',
    async ({ tier, record }) => {
      const keys = Array.from({ length: 10 }, (_, index) => `p:${index}`)
      await tier.write(keys.map((key) => record(key)))
      const first = await tier.list('p:', { limit: 4 })
      await tier.remove(first.items.map(({ key }) => key))
      await tier.write([record('p:00')])
      const seen = first.items.map(({ key }) => key)
      let { cursor } = first
      while (cursor !== undefined) {
        const page = await tier.list('p:', { limit: 4, cursor })
        seen.push(...page.items.map(({ key }) => key))
        ;({ cursor } = page)
      }
      for (const key of keys) assert.equal(seen.filter((one) => one === key).length, 1, key)
    },
  ],
  [
    'an item tells the size of the body in bytes, and its times',
    async ({ tier, clock, record }) => {
      await tier.write([
        record('p:text', { body: '"机票"', sidecar: '{"not":"counted"}' }),
        record('p:bytes', { body: new Uint8Array(300), createdAt: clock.now() - 5, expiresAt: Infinity }),
      ])
      const items = new Map((await listAll(tier, 'p:', 10)).map((item) => [item.key, item]))
      const now = clock.now()
      const text = { key: 'p:text', bytes: 8, createdAt: now, expiresAt: now + 60_000 }
      assert.deepEqual(items.get('p:text'), text)
      const bytes = { key: 'p:bytes', bytes: 300, createdAt: now - 5, expiresAt: Infinity }
      assert.deepEqual(items.get('p:bytes'), bytes)
      assert.deepEqual(await tier.usage('p:'), { entries: 2, bytes: 308 })
      assert.deepEqual(await tier.usage('q:'), { entries: 0, bytes: 0 })
    },
  ],
  [
    'a sweep removes what has expired, at most as many as told, and nothing else',
    async ({ tier, clock, record }) => {
      const short = Array.from({ length: 5 }, (_, index) =>
        record(`p:short-${index}`, { expiresAt: clock.now() + 1_000 }),
      )
      await tier.write([...short, record('p:long'), record('p:ever', { expiresAt: Infinity })])
      assert.equal(await tier.sweep(10), 0)
      await clock.advance(1_000)
      assert.equal(await tier.sweep(3), 3)
      assert.equal(await tier.sweep(3), 2)
      assert.equal(await tier.sweep(3), 0)
      assert.deepEqual(sorted((await listAll(tier, 'p:', 10)).map(({ key }) => key)), ['p:ever', 'p:long'])
    },
  ],
  [
    'a key can be written again after it has expired',
    async ({ tier, clock, record }) => {
      await tier.write([record('p:a', { body: '"old"', expiresAt: clock.now() + 1 })])
      await clock.advance(1)
      await tier.write([record('p:a', { body: '"new"' })])
      assert.equal(await tier.sweep(10), 0)
      assert.equal((await tier.read(['p:a']))[0]?.body, '"new"')
    },
  ],
  [
    '5 000 records: written, read, counted, listed and removed',
    async ({ tier, record }) => {
      const keys = Array.from({ length: 5_000 }, (_, index) => `p:${String(index).padStart(5, '0')}`)
      for (let from = 0; from < keys.length; from += 1_000)
        await tier.write(
          keys.slice(from, from + 1_000).map((key) => record(key, { body: JSON.stringify(key) })),
        )
      const found = await tier.read(keys)
      assert.ok(found.every((one, index) => one?.body === JSON.stringify(keys[index])))
      assert.deepEqual(await tier.usage('p:'), { entries: 5_000, bytes: 45_000 })
      assert.deepEqual(sorted((await listAll(tier, 'p:', 999)).map(({ key }) => key)), keys)
      assert.equal((await tier.remove(keys)).length, 5_000)
      assert.equal((await tier.usage('p:')).entries, 0)
    },
  ],
]

/** The cases about listings, sweeps and figures of a tier. */
export const tierListing: readonly TierCheck[] = checks.map(([name, check]) => [name, check, 'list'])
