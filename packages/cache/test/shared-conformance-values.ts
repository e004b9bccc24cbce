import assert from 'node:assert/strict'
import { type SharedCase, ask, keyOf, put, readOne, recordOf, sameBody } from './shared-setup.ts'

/** What is stored, and how it is found again. */
export const valueCases: readonly SharedCase[] = [
  {
    name: 'a key without a value is a miss, and the head comes with it',
    async run(setup) {
      const store = await setup.open()
      const { records, head } = await store.read([keyOf(setup, 'a'), keyOf(setup, 'b', 'document')])
      assert.deepEqual(records, [undefined, undefined])
      const joined = await store.join()
      assert.deepEqual(head, { era: joined.era, n: joined.n, floor: joined.floor })
      assert.deepEqual((await store.read([])).records, [])
    },
  },
  {
    name: 'a frame comes back byte for byte, binary and of 1 MiB',
    async run(setup) {
      const store = await setup.open()
      for (const body of [
        Buffer.from([0x52, 0x50, 1, 0, 0, 0, 0, 2, 0x7b, 0x7d, 0, 255, 13, 10, 128]),
        Buffer.alloc(1_048_576, '\u00e9\0\r\n'),
      ]) {
        const key = keyOf(setup, `binary-${body.length}`)
        const record = { ...recordOf(setup, key), body }
        assert.equal((await ask(store, key, 't')).kind, 'granted')
        assert.equal(await store.store(record, { token: 't', version: 'v', format: 'entry' }), true)
        sameBody(await readOne(store, key), record)
      }
    },
  },
  {
    name: 'a document comes back as text with its sidecar and its life',
    async run(setup) {
      const store = await setup.open()
      const key = keyOf(setup, 'doc', 'document')
      const record = await put(setup, store, key, { value: { name: '张三', n: 1 }, life: 60_000 })
      const found = await readOne(await setup.open(), key)
      assert.equal(found?.body, record.body)
      assert.equal(found?.sidecar, record.sidecar)
      const left = (found?.expiresAt ?? 0) - setup.now()
      assert.ok(left > 50_000 && left <= 60_050, `a life of 60 s has ${left} ms left`)
      await put(setup, store, key, { version: 'v2' })
      assert.equal((await readOne(store, key))?.expiresAt, Infinity, 'for ever is Infinity')
    },
  },
  {
    name: 'a document that another program wrote has no true sidecar, and its version is foreign',
    async run(setup) {
      const store = await setup.open()
      const key = keyOf(setup, 'foreign', 'document')
      await setup.writeForeign(key.key, '{"by":"them"}')
      const found = await readOne(store, key)
      assert.equal(found?.body, '{"by":"them"}')
      assert.equal(found?.sidecar, undefined)
      assert.equal((await ask(store, key, 'a')).kind, 'value')
      assert.equal((await ask(store, key, 'a', { judged: 'v1' })).kind, 'value')
      assert.equal((await ask(store, key, 'a', { judged: 'foreign' })).kind, 'granted')
      assert.equal(
        await store.store(recordOf(setup, key), { token: 'a', version: 'v1', format: 'document' }),
        true,
      )
      const ours = await ask(store, key, 'b', { judged: 'foreign' })
      assert.equal(ours.kind, 'value', 'a value of ours is not foreign')
      await setup.writeForeign(key.key, '{"by":"them again"}')
      assert.equal(
        (await ask(store, key, 'b', { judged: 'v1' })).kind,
        'value',
        'the sidecar is of another text',
      )
      assert.equal((await ask(store, key, 'b', { judged: 'foreign' })).kind, 'granted')
    },
  },
  {
    name: 'a document that another program wrote under a lease is not overwritten',
    async run(setup) {
      const store = await setup.open()
      const key = keyOf(setup, 'crossed', 'document')
      assert.equal((await ask(store, key, 'a')).kind, 'granted')
      await setup.writeForeign(key.key, '"theirs"')
      assert.equal(
        await store.store(recordOf(setup, key), { token: 'a', version: 'v1', format: 'document' }),
        false,
      )
      assert.equal((await readOne(store, key))?.body, '"theirs"')
    },
  },
  {
    name: 'a value ends with its life',
    async run(setup) {
      const store = await setup.open()
      for (const format of ['entry', 'document'] as const) {
        const key = keyOf(setup, `short-${format}`, format)
        await put(setup, store, key, { life: 100 })
        await setup.pass(130)
        assert.equal(await readOne(store, key), undefined, format)
        await put(setup, store, key, { life: -20, version: 'v2' })
        assert.equal(await readOne(store, key), undefined, `${format} born dead`)
      }
    },
  },
  {
    name: '1,000 keys in one read come in their order, with both formats mixed',
    async run(setup) {
      const store = await setup.open()
      const keys = Array.from({ length: 1_000 }, (_, index) =>
        keyOf(setup, `many:${index}`, index % 10 === 0 ? 'document' : 'entry'),
      )
      const present = keys.filter((_, index) => index % 3 !== 0)
      for (let from = 0; from < present.length; from += 50) {
        const part = present.slice(from, from + 50)
        await Promise.all(part.map((key) => put(setup, store, key, { value: key.key })))
      }
      const { records } = await store.read(keys)
      assert.equal(records.length, 1_000)
      records.forEach((record, index) => {
        const key = keys[index]
        if (index % 3 === 0) return assert.equal(record, undefined)
        assert.equal(record?.key, key?.key)
        assert.ok(String(record?.body).endsWith(JSON.stringify(key?.key)))
      })
    },
  },
  {
    name: 'removing takes value and sidecar, counts values, and may be repeated',
    async run(setup) {
      const store = await setup.open()
      const keys = Array.from({ length: 30 }, (_, index) =>
        keyOf(setup, `gone:${index}`, index % 2 === 0 ? 'document' : 'entry'),
      )
      await Promise.all(keys.map((key) => put(setup, store, key)))
      assert.equal(await store.remove([...keys, keyOf(setup, 'never')]), 30)
      assert.deepEqual(new Set((await store.read(keys)).records), new Set([undefined]))
      assert.equal(await store.remove(keys), 0)
      assert.equal(await store.remove([]), 0)
    },
  },
  {
    name: 'listing walks over exactly the keys under a prefix, glob characters are plain, and usage adds them up',
    async run(setup) {
      const store = await setup.open()
      const inside = Array.from({ length: 60 }, (_, index) => keyOf(setup, `in:${index}`))
      const records = await Promise.all(inside.map((key) => put(setup, store, key)))
      await put(setup, store, keyOf(setup, 'out:1'))
      await put(setup, store, keyOf(setup, 'document:1', 'document'))
      await ask(store, keyOf(setup, 'in:leased'), 't')
      await store.append({ marks: ['t:x'], keys: [] })
      const listed = new Set<string>()
      let cursor: string | undefined
      do {
        const page = await store.list(`${setup.prefix}:in:`, { limit: 10, ...(cursor && { cursor }) })
        for (const key of page.keys) listed.add(key)
        cursor = page.cursor
      } while (cursor !== undefined)
      assert.deepEqual([...listed].toSorted(), inside.map(({ key }) => key).toSorted())
      const bytes = records.reduce((sum, { body }) => sum + body.length, 0)
      assert.deepEqual(await store.usage(`${setup.prefix}:in:`), { entries: 60, bytes })
      assert.deepEqual(await store.usage(`${setup.prefix}:i?:`), { entries: 0, bytes: 0 })
      assert.deepEqual(await store.usage(`${setup.prefix}:[i]n:`), { entries: 0, bytes: 0 })
      assert.equal((await store.usage(`${setup.prefix}:`)).entries, 62)
      await assert.rejects(store.list(setup.prefix, { cursor: 'x', limit: 1 }), { code: 'E_CURSOR_INVALID' })
    },
  },
  {
    name: 'a prefix belongs to one shape of catalog',
    async run(setup) {
      await setup.open({ descriptor: 'one' })
      await setup.open({ descriptor: 'one' })
      await assert.rejects(setup.open({ descriptor: 'two' }), { name: 'RepriseError' })
    },
  },
]
