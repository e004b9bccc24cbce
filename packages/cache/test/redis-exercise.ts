import assert from 'node:assert/strict'
import { type RedisShared, type RedisSharedOptions, redisShared } from '../src/redis/index.ts'

const prefix = 'exercise'
const entry = { key: `${prefix}:entry`, format: 'entry' } as const
const document = { key: `${prefix}:document`, format: 'document' } as const
const lease = 10_000

/** Everything that the engine asks of a store, once, in the order of a short life; rejects with the first thing that fails. */
export async function exercise(options: Omit<RedisSharedOptions, 'prefix' | 'descriptor'>): Promise<void> {
  const store = redisShared({ deadline: '5s', patience: '5s', ...options, prefix, descriptor: 'exercise' })
  try {
    await store.open()
    await use(store)
  } finally {
    await store.close()
  }
}

async function use(store: RedisShared): Promise<void> {
  const heard: string[] = []
  const silence = await store.onWake((key) => heard.push(key))
  const from = await store.join()
  for (const key of [entry, document]) {
    const body = key.format === 'entry' ? Buffer.from('body') : '{}'
    const record = {
      key: key.key,
      body,
      createdAt: Date.now(),
      expiresAt: Date.now() + 60_000,
      sidecar: '{}',
    }
    const { acquired } = await store.acquire(key, { token: 'one', lease, force: true })
    assert.equal(acquired.kind, 'granted')
    assert.equal(await store.extend(key, 'one', lease), true)
    const options = { token: 'one', version: 'v1', format: key.format }
    assert.equal(await store.store(record, options), true)
    const { records } = await store.read([key])
    assert.equal(String(records[0]?.body), String(body))
    // Twice: the second is one plain MGET of values and head.
    await store.read([key])
    const { acquired: again } = await store.acquire(key, { token: 'two', lease })
    assert.equal(again.kind, 'value')
    await store.steal(key, 'two', lease)
    await store.release(key, 'two', { message: 'failed', attempts: 1, wait: 1_000 })
    assert.equal((await store.acquire(key, { token: 'three', lease })).acquired.kind, 'failed')
    const short = { ...record, expiresAt: Date.now() - 1 }
    await store.acquire(key, { token: 'four', lease, force: true })
    assert.equal(await store.store(short, { ...options, token: 'four' }), true)
    await store.remove([key])
  }
  // Enough of them that the log is cut by age.
  for (let count = 0; count < 64; count += 1) await store.append({ marks: ['t:a'], keys: [entry] })
  const { records, gap } = await store.next(from, 100)
  assert.equal(gap, false)
  assert.equal(records.length, 64)
  await store.prune(64)
  await store.list(`${prefix}:`, { limit: 10 })
  await store.acquire(entry, { token: 'five', lease, force: true })
  await store.store(
    { key: entry.key, body: Buffer.from('body'), createdAt: Date.now(), expiresAt: Infinity },
    { token: 'five', version: 'v1', format: 'entry' },
  )
  assert.equal((await store.usage(`${prefix}:`)).entries, 1)
  await store.remove([entry])
  await store.ping()
  assert.notEqual(heard.length, 0)
  await silence()
}
