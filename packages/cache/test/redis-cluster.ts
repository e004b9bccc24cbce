import { Redis } from 'ioredis'
import { type OwnRedis, startOwnRedis } from './redis-server.ts'

/** A Cluster of three masters that a test started. */
export interface OwnCluster {
  readonly nodes: readonly OwnRedis[]
  readonly addresses: readonly { readonly host: string; readonly port: number }[]
  stop(): Promise<void>
}

const cuts = [0, 5461, 10_923, 16_384]

/** Starts three masters, gives them their slots and waits until all agree. */
export async function startCluster(): Promise<OwnCluster> {
  const args = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000']
  const nodes = await Promise.all(
    cuts.slice(1).map((_, index) => startOwnRedis([...args, '--cluster-config-file', `nodes-${index}.conf`])),
  )
  const clients = nodes.map(({ port }) => new Redis({ host: '127.0.0.1', port }))
  await Promise.all(
    clients.map((client, index) =>
      client.call('CLUSTER', 'ADDSLOTSRANGE', cuts[index] ?? 0, (cuts[index + 1] ?? 0) - 1),
    ),
  )
  const [first] = clients
  for (const { port } of nodes.slice(1)) await first?.call('CLUSTER', 'MEET', '127.0.0.1', port)
  const agreed = async (): Promise<boolean> => {
    const infos = await Promise.all(
      clients.map(async (client) => String(await client.call('CLUSTER', 'INFO'))),
    )
    return infos.every((info) => /cluster_state:ok/.test(info) && /cluster_known_nodes:3/.test(info))
  }
  while (!(await agreed()));
  for (const client of clients) client.disconnect()
  return {
    nodes,
    addresses: nodes.map(({ port }) => ({ host: '127.0.0.1', port })),
    stop: async () => void (await Promise.all(nodes.map((node) => node.stop()))),
  }
}
