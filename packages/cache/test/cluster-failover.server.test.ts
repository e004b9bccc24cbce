import { afterAll, beforeAll, expect, test } from 'vitest'
import { slotOf } from '../src/redis/keys.ts'
import { until } from '../src/testing/correctness/waiting.ts'
import { openFailoverNode } from './failover-rig.ts'
import { type MovingCluster, startMovingCluster } from './redis-cluster-moves.ts'

let cluster: MovingCluster
beforeAll(async () => void (cluster = await startMovingCluster()))
afterAll(async () => cluster.stop())

test('a deletion that the new master of a data shard never heard of stays in force', async () => {
  const prefix = 'shard-failover'
  const node = await openFailoverNode({ cluster: cluster.addresses }, prefix)
  const log = await cluster.ownerOf(slotOf(prefix))
  let id = 0
  while ((await cluster.ownerOf(slotOf(`${prefix}:right:${id}`))).id === log.id) id += 1
  const owner = await cluster.ownerOf(slotOf(`${prefix}:right:${id}`))
  const replica = await cluster.addReplica(owner)
  const key = node.rights.key({ id })
  expect(await node.rights.getOrLoad({ id }, () => 1)).toBe(1)
  // The answer comes before it is stored.
  let lost: Buffer | null = null
  const stored = async (): Promise<boolean> => (lost = await owner.bytes(key)) !== null
  expect(await until(stored, 5_000)).toBe(true)
  await node.cache.invalidate({ keys: [key] })
  expect(await node.rights.get({ id })).toBeUndefined()
  await owner.server.kill()
  const refusals = new Set<string>()
  // The replica as it would be had it not heard of the deletion yet.
  const restored = (): Promise<boolean> =>
    replica.put(key, lost ?? Buffer.alloc(0)).then(
      () => true,
      (error: unknown) => {
        refusals.add(String(error))
        return false
      },
    )
  expect([await until(restored, 20_000), [...refusals].join()]).toEqual([true, expect.any(String)])
  let value: unknown
  expect(
    await until(
      () =>
        node.rights.get({ id }).then(
          (found) => ((value = found), true),
          () => false,
        ),
      8_000,
    ),
  ).toBe(true)
  expect(await replica.bytes(key)).toEqual(lost)
  await node.cache.close({ timeout: 100 })
  expect(value).toBeUndefined()
})
