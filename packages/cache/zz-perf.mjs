'use strict'
import { Redis } from 'ioredis'
import { redisShared } from './zz-dist/redis/index.js'
const url = 'redis://127.0.0.1:17301'
const raw = new Redis(url)
const s = redisShared({ url, prefix: 'perf', descriptor: 'd' })
await s.open()
const size = Number(process.argv[2] ?? 200)
const keys = Array.from({ length: 1e3 }, (_, i2) => `perf:key:number:${i2}`)
for (const k of keys) await raw.set(k, Buffer.alloc(size, 97))
const ent = keys.map((key) => ({ key, format: 'entry' })),
  doc = keys.map((key) => ({ key, format: 'document' }))
async function bench(f, n, per) {
  for (let i2 = 0; i2 < n / 4; i2++) await f(i2)
  const best = []
  for (let r = 0; r < 5; r++) {
    const t = performance.now()
    for (let i2 = 0; i2 < n; i2++) await f(i2)
    best.push(((n * per) / (performance.now() - t)) * 1e3)
  }
  best.sort((a, b) => a - b)
  return Math.round(best[2])
}
for (const [n, c] of [
  [1, 15e3],
  [32, 2e3],
  [256, 300],
]) {
  const c2 = size > 1e4 ? Math.ceil(c / 20) : c
  const get = await bench(
    (i2) =>
      n === 1
        ? raw.getBuffer(keys[i2 % 1e3])
        : Promise.all(Array.from({ length: n }, (_, j) => raw.getBuffer(keys[(i2 * n + j) % 1e3]))),
    c2,
    n,
  )
  const read = await bench((i2) => s.read(n === 1 ? [ent[i2 % 1e3]] : ent.slice(0, n)), c2, n)
  const rdoc = await bench((i2) => s.read(n === 1 ? [doc[i2 % 1e3]] : doc.slice(0, n)), c2, n)
  const get2 = await bench(
    (i2) =>
      n === 1
        ? raw.getBuffer(keys[i2 % 1e3])
        : Promise.all(Array.from({ length: n }, (_, j) => raw.getBuffer(keys[(i2 * n + j) % 1e3]))),
    c2,
    n,
  )
  console.log(n, { get, read, rdoc, get2 }, 'ratio', (read / Math.max(get, get2)).toFixed(2))
}
let i = 0
const rec = (key) => ({ key, body: Buffer.alloc(200, 97), createdAt: 0, expiresAt: Date.now() + 6e4 })
console.log(
  'acquire+store /s',
  await bench(
    async () => {
      const k = { key: 'perf:x:' + i++, format: 'entry' }
      await s.acquire(k, { token: 't', lease: 1e3 })
      await s.store(rec(k.key), { token: 't', version: 'v', format: 'entry' })
    },
    1e3,
    1,
  ),
)
console.log('append /s', await bench(() => s.append({ marks: ['t:a'], keys: [] }), 1e3, 1))
await s.close()
raw.disconnect()
