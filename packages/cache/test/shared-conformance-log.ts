import assert from 'node:assert/strict'
import type { Shared, SharedHead } from '../src/cluster/shared.ts'
import { type SharedCase, keyOf } from './shared-setup.ts'

const at = ({ era, n }: SharedHead): { era: string; n: number } => ({ era, n })
const mark = (store: Shared, name: string): ReturnType<Shared['append']> =>
  store.append({ marks: [name], keys: [] })

/** The log: numbers, marks, eras. */
export const logCases: readonly SharedCase[] = [
  {
    name: 'log: numbers are contiguous whoever writes, and marks are in force with them',
    async run(setup) {
      const stores = await Promise.all([setup.open(), setup.open()])
      const [one, two] = stores
      const start = await one.join()
      assert.equal((await two.join()).era, start.era, 'one era for all')
      const written = await Promise.all(
        Array.from({ length: 40 }, (_, index) => mark(stores[index % 2] ?? one, `t:${index % 4}`)),
      )
      assert.deepEqual(
        written.map(({ n }) => n).toSorted((first, second) => first - second),
        Array.from({ length: 40 }, (_, index) => start.n + 1 + index),
      )
      const { marks, n } = await two.join()
      assert.equal(n, start.n + 40)
      for (let tag = 0; tag < 4; tag += 1) {
        const newest = Math.max(
          ...written.filter((_, index) => index % 4 === tag).map((position) => position.n),
        )
        assert.equal(marks.get(`t:${tag}`), newest)
      }
      assert.equal(marks.size, 4)
      assert.deepEqual((await one.read([])).head, { era: start.era, n, floor: 0 })
    },
  },
  {
    name: 'log: a follower gets every record once, as it was written',
    async run(setup) {
      const store = await setup.open()
      const follower = await setup.open()
      const start = at(await follower.join())
      const records = [
        { marks: ['t:user:7', 's:nlu result'], keys: [] },
        { marks: [], keys: [{ key: keyOf(setup, 'a').key }, { key: keyOf(setup, '张').key, version: 'v1' }] },
        { marks: ['x:张三'], keys: [] },
      ]
      for (const record of records) await store.append(record)
      const first = await follower.next(start, 0)
      assert.equal(first.gap, false)
      assert.deepEqual(
        first.records,
        records.map((record, index) => ({ n: start.n + 1 + index, ...record })),
      )
      assert.equal(first.head.n, start.n + 3)
      const again = await follower.next({ era: start.era, n: start.n + 1 }, 0)
      assert.deepEqual(again.records, first.records.slice(1))
      const nothing = await follower.next(at(first.head), 0)
      assert.deepEqual([nothing.records, nothing.gap, at(nothing.head)], [[], false, at(first.head)])
    },
  },
  {
    name: 'log: a follower that waits is answered when a record comes, and empty-handed when none does',
    async run(setup) {
      const store = await setup.open()
      const follower = await setup.open()
      const start = at(await follower.join())
      const waiting = follower.next(start, 2_000)
      const written = await mark(store, 't:now')
      const { records, gap } = await waiting
      assert.deepEqual([records.map(({ n }) => n), gap], [[written.n], false])
      const before = setup.now()
      const none = await follower.next(at(await follower.join()), 50)
      assert.deepEqual([none.records, none.gap], [[], false])
      assert.ok(setup.now() - before >= 45, 'it waited')
    },
  },
  {
    name: 'log: more records than one answer carries come page by page',
    async run(setup) {
      const store = await setup.open()
      let cursor = at(await store.join())
      const end = cursor.n + 2_500
      for (let from = 0; from < 2_500; from += 100)
        await Promise.all(Array.from({ length: 100 }, (_, index) => mark(store, `t:${index}`)))
      while (cursor.n < end) {
        const { records, gap } = await store.next(cursor, 0)
        assert.equal(gap, false)
        assert.equal(records[0]?.n, cursor.n + 1)
        cursor = { era: cursor.era, n: records.at(-1)?.n ?? Infinity }
      }
      assert.equal(cursor.n, end)
    },
  },
  {
    name: 'log: who was away longer than the log reaches sees a gap, and who was not does not',
    async run(setup) {
      const store = await setup.open({ maxLength: 100 })
      const start = at(await store.join())
      for (let from = 0; from < 1_000; from += 100)
        await Promise.all(Array.from({ length: 100 }, (_, index) => mark(store, `t:${index}`)))
      const late = await store.next(start, 0)
      assert.deepEqual([late.gap, late.records], [true, []])
      assert.equal(late.head.n, start.n + 1_000)
      const near = await store.next({ era: start.era, n: start.n + 950 }, 0)
      assert.equal(near.gap, false)
      assert.equal(near.records.length, 50)
    },
  },
  {
    name: 'log: pruning forgets marks up to the floor and raises it, never lowers it, never past the log',
    async run(setup) {
      const store = await setup.open()
      const { n, era } = await store.join()
      for (const name of ['a', 'b', 'c']) await mark(store, name)
      await store.prune(n + 2)
      const { deletions, ...joined } = await store.join()
      assert.deepEqual(joined, { era, n: n + 3, floor: n + 2, marks: new Map([['c', n + 3]]) })
      assert.deepEqual(deletions ?? new Map(), new Map())
      await store.prune(n + 1)
      assert.equal((await store.read([])).head.floor, n + 2)
      await store.prune(n + 1_000)
      assert.deepEqual((await store.read([])).head, { era, n: n + 3, floor: n + 3 })
      assert.equal((await mark(store, 'd')).n, n + 4)
    },
  },
  {
    name: 'log: lost data is a new era, without marks, and a gap for those who followed the old one',
    async run(setup) {
      const store = await setup.open()
      const other = await setup.open()
      const key = keyOf(setup, 'era')
      for (let count = 0; count < 5; count += 1) await mark(store, 't:old')
      const before = at(await other.join())
      await other.read([key])
      await setup.loseLog()
      const { head } = await other.read([key])
      assert.notEqual(head.era, before.era)
      assert.deepEqual([head.n, head.floor], [0, 0])
      const written = await mark(store, 't:new')
      assert.deepEqual(written, { era: head.era, n: 1 })
      const { gap, records } = await other.next(before, 0)
      assert.deepEqual([gap, records], [true, []])
      assert.deepEqual((await store.join()).marks, new Map([['t:new', 1]]))
      const fresh = await other.next({ era: head.era, n: 0 }, 0)
      assert.deepEqual([fresh.gap, fresh.records.length], [false, 1])
      await setup.loseLog()
      assert.notEqual((await mark(store, 't:newer')).era, head.era, 'an append begins one, too')
    },
  },
  {
    name: 'log: the offset leads from the caller’s time to the store’s',
    async run(setup) {
      const store = await setup.open()
      await store.join()
      assert.ok(Number.isFinite(store.offset()))
      const key = keyOf(setup, 'offset', 'document')
      assert.equal((await store.acquire(key, { token: 't', lease: 1_000 })).acquired.kind, 'granted')
    },
  },
]
