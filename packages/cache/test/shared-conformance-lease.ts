import assert from 'node:assert/strict'
import { type SharedCase, ask, eventually, keyOf, put, readOne, recordOf, sameBody } from './shared-setup.ts'

const failure = { message: 'down', attempts: 2, wait: 60_000 }

/** Leases: who may load, and who may store. */
export const leaseCases: readonly SharedCase[] = (['entry', 'document'] as const).flatMap((format) => [
  {
    name: `${format}: one of many is granted, the others wait`,
    async run(setup) {
      const stores = await Promise.all([setup.open(), setup.open()])
      const key = keyOf(setup, 'one', format)
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) => ask(stores[index % 2] ?? stores[0], key, `t${index}`)),
      )
      assert.equal(answers.filter(({ kind }) => kind === 'granted').length, 1)
      const waiting = answers.filter((answer) => answer.kind === 'wait')
      assert.equal(waiting.length, 19)
      for (const { left } of waiting) assert.ok(left > 5_000 && left <= 10_000, `${left} ms are left of 10 s`)
      assert.equal((await ask(stores[0], keyOf(setup, 'other', format), 't0')).kind, 'granted')
    },
  },
  {
    name: `${format}: storing ends the lease, and the value is answered instead of one`,
    async run(setup) {
      const store = await setup.open()
      const key = keyOf(setup, 'stored', format)
      const { acquired, head } = await store.acquire(key, { token: 'a', lease: 10_000 })
      assert.equal(acquired.kind, 'granted')
      const { era, n, floor } = await store.join()
      assert.deepEqual(head, { era, n, floor })
      const record = recordOf(setup, key)
      const options = { token: 'a', version: 'v1', format }
      assert.equal(await store.store(record, options), true)
      assert.equal(await store.store(record, options), true, 'the same version again is fine')
      assert.equal(
        await store.store(recordOf(setup, key, { version: 'v2' }), { ...options, version: 'v2' }),
        false,
      )
      const next = await ask(store, key, 'b')
      assert.equal(next.kind, 'value')
      sameBody(next.kind === 'value' ? next.record : undefined, record)
      assert.equal((await ask(store, key, 'b', { judged: 'v0' })).kind, 'value', 'another version was judged')
      assert.equal((await ask(store, key, 'b', { judged: 'v1' })).kind, 'granted', 'this version was judged')
      sameBody(await readOne(store, key), record)
    },
  },
  {
    name: `${format}: a judged value goes at once where it is invalid, even if another loads`,
    async run(setup) {
      const store = await setup.open()
      const key = keyOf(setup, 'judged', format)
      await put(setup, store, key)
      const other = { judged: 'v0', removeJudged: true }
      assert.equal((await ask(store, key, 'a', other)).kind, 'value', 'a value nobody judged stays')
      assert.equal((await ask(store, key, 'a', { judged: 'v1' })).kind, 'granted')
      assert.equal((await ask(store, key, 'b', { judged: 'v1', removeJudged: true })).kind, 'wait')
      assert.equal(await readOne(store, key), undefined)
      assert.equal(await store.store(recordOf(setup, key), { token: 'a', version: 'v2', format }), true)
    },
  },
  {
    name: `${format}: the line of values is inherited by refreshes and new after an invalidation`,
    async run(setup) {
      const store = await setup.open()
      const key = keyOf(setup, 'line', format)
      const first = await ask(store, key, 'a')
      assert.equal(first.kind, 'granted')
      const gen = first.kind === 'granted' ? first.gen : ''
      assert.notEqual(gen, '')
      await store.store(recordOf(setup, key, { gen }), { token: 'a', version: 'v1', format })
      assert.deepEqual(await ask(store, key, 'b', { judged: 'v1' }), { kind: 'granted', gen })
      await store.release(key, 'b')
      assert.deepEqual(await ask(store, key, 'c', { force: true }), { kind: 'granted', gen })
      await store.release(key, 'c')
      const anew = await ask(store, key, 'd', { judged: 'v1', removeJudged: true })
      assert.equal(anew.kind, 'granted')
      assert.notEqual(anew.kind === 'granted' && anew.gen, gen)
    },
  },
  {
    name: `${format}: a heart-beat lengthens a lease and never makes one`,
    async run(setup) {
      const store = await setup.open()
      const key = keyOf(setup, 'beat', format)
      assert.equal(await store.extend(key, 'a', 10_000), false)
      assert.equal((await ask(store, key, 'b')).kind, 'granted', 'the beat made no lease')
      assert.equal(await store.extend(key, 'a', 10_000), false, 'nor took it over')
      assert.equal(await store.extend(key, 'b', 60_000), true)
      const waiting = await ask(store, key, 'c')
      assert.ok(waiting.kind === 'wait' && waiting.left > 50_000)
      await store.remove([key])
      assert.equal(await store.extend(key, 'b', 10_000), false, 'a late beat')
      assert.equal((await ask(store, key, 'c')).kind, 'granted')
    },
  },
  {
    name: `${format}: an expired token that nobody took may store`,
    async run(setup) {
      const store = await setup.open()
      const key = keyOf(setup, 'untaken', format)
      assert.equal((await ask(store, key, 'a', { lease: 20 })).kind, 'granted')
      await setup.pass(40)
      assert.equal(await store.store(recordOf(setup, key), { token: 'a', version: 'v1', format }), true)
      const short = await setup.open({ leaseGrace: 10 })
      const other = keyOf(setup, 'past-grace', format)
      assert.equal((await ask(short, other, 'a', { lease: 20 })).kind, 'granted')
      await setup.pass(60)
      assert.equal(await short.store(recordOf(setup, other), { token: 'a', version: 'v1', format }), false)
    },
  },
  {
    name: `${format}: an expired token that somebody took may not`,
    async run(setup) {
      const store = await setup.open()
      const key = keyOf(setup, 'taken', format)
      assert.equal((await ask(store, key, 'a', { lease: 20 })).kind, 'granted')
      await eventually(setup, async () => (await ask(store, key, 'b')).kind === 'granted')
      assert.equal(await store.extend(key, 'a', 10_000), false)
      assert.equal(await store.store(recordOf(setup, key), { token: 'a', version: 'v1', format }), false)
      assert.equal(await readOne(store, key), undefined)
      assert.equal((await ask(store, key, 'c')).kind, 'wait', 'the refused store left the lease of b')
      assert.equal(await store.store(recordOf(setup, key), { token: 'b', version: 'v1', format }), true)
    },
  },
  {
    name: `${format}: a removal breaks the lease, also an expired one`,
    async run(setup) {
      const store = await setup.open()
      for (const lease of [10_000, 20]) {
        const key = keyOf(setup, `broken-${lease}`, format)
        assert.equal((await ask(store, key, 'a', { lease })).kind, 'granted')
        if (lease === 20) await setup.pass(40)
        assert.equal(await store.remove([key]), 0)
        assert.equal(await store.store(recordOf(setup, key), { token: 'a', version: 'v1', format }), false)
        assert.equal(await readOne(store, key), undefined)
      }
    },
  },
  {
    name: `${format}: a stolen lease is of the thief alone, and what it protected is gone`,
    async run(setup) {
      const store = await setup.open()
      const key = keyOf(setup, 'stolen', format)
      await put(setup, store, key, { version: 'v0' })
      assert.equal((await ask(store, key, 'a', { judged: 'v0' })).kind, 'granted')
      const head = await store.steal(key, 'thief', 10_000)
      const { era, n, floor } = await store.join()
      assert.deepEqual(head, { era, n, floor })
      assert.equal(await store.store(recordOf(setup, key), { token: 'a', version: 'v1', format }), false)
      assert.equal(await readOne(store, key), undefined)
      const record = recordOf(setup, key, { version: 'v2' })
      assert.equal(await store.store(record, { token: 'thief', version: 'v2', format }), true)
      sameBody(await readOne(store, key), record)
    },
  },
  {
    name: `${format}: a failure is respected until it is forgotten, forced past or stored over`,
    async run(setup) {
      const store = await setup.open()
      const key = keyOf(setup, 'failed', format)
      await ask(store, key, 'a')
      await store.release(key, 'b', failure)
      assert.equal((await ask(store, key, 'c')).kind, 'wait', 'a release by another token does nothing')
      await store.release(key, 'a', failure)
      const answer = await ask(store, key, 'c')
      assert.equal(answer.kind, 'failed')
      assert.deepEqual(answer.kind === 'failed' && answer.failure, failure)
      assert.ok(answer.kind === 'failed' && answer.left > 50_000 && answer.left <= 60_000)
      assert.equal((await ask(store, key, 'c', { force: true })).kind, 'granted')
      assert.equal((await ask(store, key, 'd', { force: true })).kind, 'wait', 'not past another lease')
      assert.equal(await store.store(recordOf(setup, key), { token: 'c', version: 'v1', format }), true)
      await store.remove([key])
      assert.equal((await ask(store, key, 'e')).kind, 'granted', 'the store has forgotten the failure')
      await store.release(key, 'e', { ...failure, wait: 20 })
      await eventually(setup, async () => (await ask(store, key, 'f')).kind === 'granted')
      await store.release(key, 'f', failure)
      await store.remove([key])
      assert.equal((await ask(store, key, 'g')).kind, 'granted', 'a removal forgets it, too')
    },
  },
  {
    name: `${format}: those who wait hear of a store, a release and a removal`,
    async run(setup) {
      const store = await setup.open()
      const other = await setup.open()
      const heard: string[] = []
      const stop = await other.onWake((key) => heard.push(key))
      const keys = ['stored', 'released', 'removed'].map((name) => keyOf(setup, `wake-${name}`, format))
      const [stored, released, removed] = keys
      assert.ok(stored && released && removed)
      for (const key of keys) await ask(store, key, 'a')
      await store.store(recordOf(setup, stored), { token: 'a', version: 'v1', format })
      await store.release(released, 'a')
      await store.remove([removed])
      await eventually(setup, () => keys.every(({ key }) => heard.includes(key)))
      await stop()
      const before = heard.length
      await ask(store, stored, 'b', { force: true })
      await store.release(stored, 'b')
      await other.ping()
      await setup.pass(20)
      assert.equal(heard.length, before, 'stopped')
    },
  },
])
