/** Real processes on a real Redis, and on a Cluster of three nodes: one load for all, and what happens when its holder dies. */
import { randomUUID } from 'node:crypto'
import type { RedisAddresses } from '@reprise/cache/redis'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Process, startProcess } from './processes/start.ts'
import { type OwnCluster, startCluster } from './redis-cluster.ts'

const started: Process[] = []
async function start(addresses: RedisAddresses, count: number, lease = 2_000): Promise<readonly Process[]> {
  const prefix = `processes-${randomUUID().slice(0, 8)}`
  const processes = await Promise.all(
    Array.from({ length: count }, async () => startProcess({ addresses, prefix, lease })),
  )
  started.push(...processes)
  return processes
}
afterEach(async () => void (await Promise.all(started.splice(0).map(async (one) => one.close()))))

const loadsOf = (processes: readonly Process[]): number =>
  processes.flatMap(({ words }) => words.filter(({ say }) => say === 'loading')).length

/** What holds on one server and on a Cluster. */
function promises(addresses: () => RedisAddresses): void {
  test('1 000 cold reads in 4 processes are one loader call', async () => {
    const processes = await start(addresses(), 4)
    const answers = Promise.all(processes.map(async (one) => one.hears('answers')))
    for (const one of processes) one.tell({ do: 'read', question: 'why', times: 250, takes: 300 })
    expect(new Set((await answers).flatMap(({ values }) => values)).size).toBe(1)
    expect(loadsOf(processes)).toBe(1)
  })

  test('a load that takes longer than its lease still runs once', async () => {
    const processes = await start(addresses(), 2, 400)
    const answers = Promise.all(processes.map(async (one) => one.hears('answers')))
    for (const one of processes) one.tell({ do: 'read', question: 'slow', times: 10, takes: 4_000 })
    expect(new Set((await answers).flatMap(({ values }) => values)).size).toBe(1)
    expect(loadsOf(processes)).toBe(1)
  })

  test('the holder is killed: a waiter takes over within the lease and 250 ms', async () => {
    const lease = 2_000
    const [holder, waiter] = (await start(addresses(), 2, lease)) as [Process, Process]
    const loading = holder.hears('loading')
    holder.tell({ do: 'read', question: 'orphan', times: 1, takes: 60_000 })
    await loading
    const takeOver = waiter.hears('loading')
    const answered = waiter.hears('answers')
    waiter.tell({ do: 'read', question: 'orphan', times: 5, takes: 10 })
    const killedAt = Date.now()
    await holder.kill()
    const { at, lag } = await takeOver
    // The last heart-beat may have come just before the kill, so the whole lease can be left. What a busy machine
    // makes the waiter's timers late is not the cache's.
    expect(at - killedAt).toBeLessThanOrEqual(lease + 250 + 2 * lag)
    expect((await answered).values).toEqual([`orphan of ${waiter.pid}`])
  })

  test('an invalidation in one process empties the memory of the others', async () => {
    const processes = await start(addresses(), 3)
    for (const one of processes) {
      const answered = one.hears('answers')
      one.tell({ do: 'read', question: 'old', times: 1, takes: 0 })
      await answered
    }
    const [first, ...others] = processes as [Process, ...Process[]]
    const done = first.hears('done')
    first.tell({ do: 'invalidate', question: 'old' })
    await done
    for (const other of others) {
      let value: string | undefined = 'old'
      while (value !== undefined) {
        const peeked = other.hears('peeked')
        other.tell({ do: 'peek', question: 'old' })
        ;({ value } = await peeked)
      }
    }
    expect(loadsOf(processes)).toBe(1)
  })
}

describe('processes on one Redis', () => {
  promises(() => ({ url: process.env['REPRISE_TEST_REDIS_URL'] ?? '' }))
})

describe('processes on a Cluster', () => {
  let cluster: OwnCluster
  beforeAll(async () => void (cluster = await startCluster()))
  afterAll(async () => cluster.stop())
  promises(() => ({ cluster: cluster.addresses }))
})
