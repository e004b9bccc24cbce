import { randomUUID } from 'node:crypto'
import { Cluster, Redis } from 'ioredis'
import { type RedisAddresses, type RedisShared, redisShared } from '../src/redis/index.ts'
import type { SharedSetup } from './shared-setup.ts'

/** A fresh catalog on a server or a Cluster, for the conformance cases. */
export async function redisSetup(addresses: RedisAddresses): Promise<SharedSetup> {
  const prefix = `shared-${randomUUID().slice(0, 8)}`
  const { url, cluster } = addresses
  const admin = cluster === undefined ? new Redis(url ?? '') : new Cluster([...cluster])
  const stores: RedisShared[] = []
  const masters = (): readonly Redis[] => (admin instanceof Cluster ? admin.nodes('master') : [admin])
  return {
    prefix,
    async open({ descriptor = 'tests', maxLength, leaseGrace } = {}) {
      const store = redisShared({
        ...addresses,
        prefix,
        descriptor,
        // A busy machine is not what these cases are about.
        deadline: '5s',
        ...(leaseGrace !== undefined && { leaseGrace }),
        ...(maxLength !== undefined && { log: { maxLength } }),
      })
      stores.push(store)
      await store.open()
      return store
    },
    async pass(milliseconds) {
      const until = Date.now() + milliseconds
      while (Date.now() < until) await admin.get(`{${prefix}}:pass`)
    },
    now: () => Date.now(),
    writeForeign: async (key, body) => void (await admin.set(key, body)),
    loseLog: async () => void (await admin.del(`{${prefix}}:h`, `{${prefix}}:log`, `{${prefix}}:head`)),
    async end() {
      await Promise.all(stores.map((store) => store.close()))
      for (const node of masters()) {
        const keys = await node.keys(`*${prefix}*`)
        await Promise.all(keys.map((key) => node.del(key)))
      }
      admin.disconnect()
    },
  }
}
