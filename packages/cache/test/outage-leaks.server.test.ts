import { EventEmitter } from 'node:events'
import { afterEach, expect, test } from 'vitest'
import { openProxy } from '../src/testing/correctness/proxy.ts'
import { until } from '../src/testing/correctness/waiting.ts'
import type { RedisClient } from '../src/redis/client.ts'
import { connectRedis } from '../src/redis/connect.ts'
import { countingClock } from './outage-clock.ts'
import { openNode } from './outage-rig.ts'
import { startOwnRedis } from './redis-server.ts'

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

/** A client and all that are made from it, with how many listeners they and their sockets have. */
function watchedClients(first: RedisClient): { readonly first: RedisClient; listeners(): number } {
  const all: RedisClient[] = []
  const watch = (client: RedisClient): RedisClient => {
    all.push(client)
    const duplicate = client.duplicate.bind(client)
    return Object.assign(client, { duplicate: () => watch(duplicate()) })
  }
  const count = (emitter: unknown): number =>
    emitter instanceof EventEmitter
      ? emitter.eventNames().reduce((sum, name) => sum + emitter.listenerCount(name), 0)
      : 0
  return {
    first: watch(first),
    listeners: () => all.reduce((sum, client) => sum + count(client) + count(client.stream), 0),
  }
}

/** What keeps this process alive, by kind. */
function resources(): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}

test('20 times killed and started again: no listener, timer or connection is left over', async () => {
  const server = await startOwnRedis()
  const proxy = await openProxy(server.port)
  const warnings: Error[] = []
  const unhandled: unknown[] = []
  const onWarning = (warning: Error): void => void warnings.push(warning)
  const onUnhandled = (reason: unknown): void => void unhandled.push(reason)
  process.on('warning', onWarning)
  process.on('unhandledRejection', onUnhandled)
  const clock = countingClock()
  const url = `redis://127.0.0.1:${proxy.port}`
  const clients = watchedClients(await connectRedis({ url }))
  const node = await openNode(url, 'leaks', { clock, client: clients.first })
  ends.push(
    () => server.stop(),
    () => proxy.close(),
    async () => process.off('warning', onWarning).off('unhandledRejection', onUnhandled),
    () => node.cache.close(),
    async () => clients.first.disconnect(),
  )
  let count = 0
  const read = (): Promise<string> => node.pages.getOrLoad({ id: (count += 1) }, () => 'value')
  const confirmed = (): Promise<boolean> =>
    node.cache.invalidate({ tags: ['group-0'] }).then(
      () => true,
      () => false,
    )
  /** Callbacks, connections and the rest once nothing is under way: the least that is seen in a while. */
  const settledState = async (): Promise<
    Record<'timers' | 'connections' | 'sockets' | 'listeners', number>
  > => {
    let timers = Infinity
    let listeners = Infinity
    await until(() => {
      timers = Math.min(timers, clock.pending)
      listeners = Math.min(listeners, clients.listeners())
      return false
    }, 700)
    const { connections } = proxy
    return { timers, connections, sockets: resources()['TCPSocketWrap'] ?? 0, listeners }
  }
  const cycle = async (): Promise<void> => {
    await server.kill()
    expect(await confirmed()).toBe(false)
    await Promise.all([read(), read(), read()])
    await server.start()
    expect(await until(confirmed, 5_000)).toBe(true)
    await Promise.all([read(), read(), read()])
    // All connections are back: those for commands, for the log and for wake-ups.
    expect(await until(() => proxy.connections >= 3, 5_000)).toBe(true)
  }

  await cycle()
  const before = await settledState()
  for (let turn = 0; turn < 20; turn += 1) await cycle()
  const after = await settledState()
  console.log(`before ${JSON.stringify(before)}, after ${JSON.stringify(after)}`)
  expect(before.connections).toBe(3)
  expect(after.connections).toBe(before.connections)
  expect(after.timers).toBeLessThanOrEqual(before.timers)
  expect(after.sockets).toBeLessThanOrEqual(before.sockets)
  expect(before.listeners).toBeGreaterThan(10)
  expect(after.listeners).toBeLessThanOrEqual(before.listeners)
  // Node warns of an emitter with more than ten listeners of one event; 20 turns would leave more.
  expect(warnings).toEqual([])
  expect(unhandled).toEqual([])

  await node.cache.close()
  clients.first.disconnect()
  expect(await until(() => proxy.connections === 0, 2_000)).toBe(true)
  expect(clock.pending).toBe(0)
})

test('10,000 invalidations missed while cut off: bounded and strict spaces never show what they removed', async () => {
  const server = await startOwnRedis()
  const proxy = await openProxy(server.port)
  ends.push(
    () => server.stop(),
    () => proxy.close(),
  )
  const node = await openNode(`redis://127.0.0.1:${proxy.port}`, 'missed', { deadline: 2_000 })
  // Nobody disturbs it: of its ten thousand calls none may be given up because the machine is busy.
  const other = await openNode(server.url, 'missed', { deadline: 10_000 })
  ends.push(
    () => node.cache.close({ timeout: 100 }),
    () => other.cache.close({ timeout: 100 }),
  )
  const ids = Array.from({ length: 200 }, (_, id) => id)
  for (const space of [node.pages, node.rights, node.prices])
    await Promise.all(ids.map((id) => space.getOrLoad({ id }, () => 'old')))
  await until(
    async () => (await Promise.all(ids.map((id) => other.prices.get({ id })))).every(Boolean),
    5_000,
  )
  proxy.cut()
  const cutAt = performance.now()
  const keysOf = (id: number): string[] => [
    other.pages.key({ id }),
    other.rights.key({ id }),
    other.prices.key({ id }),
  ]
  for (const id of ids) await other.cache.invalidate({ keys: keysOf(id) })
  for (let done = 0; done < 9_800; done += 100)
    await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        other.cache.invalidate({ tags: [`group-${100 + done + index}`] }),
      ),
    )
  // The bound of a second is over: from here on memory may not answer for the bounded space.
  await until(() => performance.now() - cutAt > 1_500, 2_000)
  const stale: string[] = []
  const look = async (): Promise<void> => {
    for (const id of ids) {
      if ((await node.prices.get({ id })) === 'old') stale.push(`price ${id}`)
      const right = await node.rights.get({ id }).catch(() => undefined)
      if (right === 'old') stale.push(`right ${id}`)
    }
  }
  await look()
  await proxy.mend()
  const mended = performance.now()
  const caughtUp = await until(async () => {
    await look()
    return (await Promise.all(ids.map((id) => node.pages.get({ id })))).every((value) => value === undefined)
  }, 60_000)
  console.log(`caught up ${Math.round(performance.now() - mended)} ms after the way was mended`)
  expect(caughtUp).toBe(true)
  await look()
  expect(stale).toEqual([])
})
