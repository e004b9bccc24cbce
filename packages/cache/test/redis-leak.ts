// A process of the leak test: opens stores, uses all of them, closes them, and must then end by itself.
import { redisShared } from '../src/redis/index.ts'

const [mode = 'single', address = ''] = process.argv.slice(2)
const cluster = address.split(',').map((text) => ({ host: '127.0.0.1', port: Number(text) }))
for (let round = 0; round < 3; round += 1) {
  const store = redisShared({
    ...(mode === 'cluster' ? { cluster } : { url: `redis://127.0.0.1:${address}`, connections: 3 }),
    prefix: 'leak',
    descriptor: 'leak',
    deadline: '5s',
  })
  await store.open()
  const position = await store.join()
  await store.onWake(() => {})
  await store.read([{ key: 'leak:a', format: 'entry' }])
  await store.next(position, 0)
  const waiting = store.next(position, 2_000).catch((error: unknown) => error)
  await store.close()
  await waiting
}
process.send?.('closed')
process.disconnect?.()
