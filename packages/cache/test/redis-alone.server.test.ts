import { type Socket, connect, createServer } from 'node:net'
import { once } from 'node:events'
import { afterEach, expect, test } from 'vitest'
import { redisShared } from '../src/redis/index.ts'
import { until } from '../src/testing/correctness/waiting.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

/** A way to the test's Redis that loses the commands of one name while it is told to. */
async function losingWay(name: string): Promise<{ port: number; lose(): void; lost(): number }> {
  const { hostname, port } = new URL(process.env['REPRISE_TEST_REDIS_URL'] ?? '')
  const sockets = new Set<Socket>()
  let losing = false
  let lost = 0
  const server = createServer((near) => {
    const far = connect({ host: hostname, port: Number(port) })
    const end = (): void => void (near.destroy(), far.destroy())
    for (const socket of [near, far]) sockets.add(socket.on('error', end).on('close', end))
    far.on('data', (data) => near.write(data))
    near.on('data', (data) => {
      if (losing && data.toString('latin1').toLowerCase().includes(`\r\n${name}\r\n`)) lost += 1
      else far.write(data)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  ends.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return {
    port: (server.address() as { port: number }).port,
    lose() {
      losing = true
      for (const socket of sockets) socket.destroy()
    },
    lost: () => lost,
  }
}

test('a subscription that the client repeats by itself and that is never answered ends nothing', async () => {
  const unhandled: unknown[] = []
  const note = (error: unknown): void => void unhandled.push(error)
  process.on('unhandledRejection', note)
  ends.push(() => process.off('unhandledRejection', note))
  const way = await losingWay('subscribe')
  const url = `redis://127.0.0.1:${way.port}`
  const store = redisShared({ url, prefix: 'alone', descriptor: 'd' })
  await store.open()
  await store.onWake(() => {})
  way.lose()
  expect(await until(async () => way.lost() > 0, 5_000)).toBe(true)
  await store.close()
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
  expect(unhandled).toEqual([])
})
