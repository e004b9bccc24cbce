import { Redis } from 'ioredis'
import { until } from '../src/testing/correctness/waiting.ts'
import { type OwnCluster, startCluster } from './redis-cluster.ts'
import { type OwnRedis, startOwnRedis } from './redis-server.ts'

const host = '127.0.0.1'
const patience = 15_000
/** Milliseconds of silence after which a node is taken for dead. */
const nodeTimeout = 1_500

/** A node of a Cluster, with a connection for administration. */
export interface ClusterNode {
  readonly server: OwnRedis
  readonly id: string
  call(...command: readonly (string | number)[]): Promise<unknown>
  /** The value of a key as it is. */
  bytes(key: string): Promise<Buffer | null>
  put(key: string, value: Buffer): Promise<unknown>
}

/** A slot on its way from one node to another, as `redis-cli --cluster reshard` moves it. */
export interface SlotMove {
  /** Hands over these keys at once; all that are there unless told. */
  keys(names?: readonly string[]): Promise<void>
  /** Tells every node who has the slot now. */
  finish(): Promise<void>
}

/** A Cluster of three masters whose slots can be moved and whose masters can have replicas. */
export interface MovingCluster {
  readonly addresses: OwnCluster['addresses']
  /** The node that has a slot. */
  ownerOf(slot: number): Promise<ClusterNode>
  /** A master of the first hour that has not got a slot. */
  otherThan(slot: number): Promise<ClusterNode>
  begin(slot: number, to: ClusterNode): Promise<SlotMove>
  /** Starts a replica and waits until it has what its master has. */
  addReplica(master: ClusterNode): Promise<ClusterNode>
  stop(): Promise<void>
}

async function connectTo(server: OwnRedis): Promise<ClusterNode & { end(): void }> {
  const admin = new Redis({ host, port: server.port })
  admin.on('error', () => {})
  const call: ClusterNode['call'] = (name = '', ...args) => admin.call(String(name), ...args)
  return {
    server,
    id: String(await call('CLUSTER', 'MYID')),
    call,
    bytes: async (key) => (await admin.callBuffer('GET', key)) as Buffer | null,
    put: (key, value) => admin.callBuffer('SET', key, value),
    end: () => admin.disconnect(),
  }
}

/** Starts it. */
export async function startMovingCluster(): Promise<MovingCluster> {
  const cluster = await startCluster()
  const masters = await Promise.all(cluster.nodes.map(connectTo))
  const replicas: Awaited<ReturnType<typeof connectTo>>[] = []
  for (const { call } of masters)
    await call('CONFIG', 'SET', 'repl-diskless-sync-delay', 0, 'cluster-node-timeout', nodeTimeout)

  const ownerIn = async ({ call }: ClusterNode, slot: number): Promise<string> => {
    const ranges = (await call('CLUSTER', 'SLOTS')) as [number, number, [string, number, string]][]
    return ranges.find(([from, to]) => from <= slot && slot <= to)?.[2][2] ?? ''
  }
  const ownerId = (slot: number): Promise<string> => ownerIn(masters[0] as ClusterNode, slot)
  /** Each master and the epoch of its claims, as a node sees them. */
  const epochsIn = async ({ call }: ClusterNode): Promise<readonly string[]> => {
    const lines = String(await call('CLUSTER', 'NODES')).split('\n')
    const fields = lines.map((line) => line.split(' ')).filter(([, , flags]) => flags?.includes('master'))
    return fields.map(([id, , , , , , epoch]) => `${epoch} ${id}`).toSorted()
  }
  /**
   * Whether all know who has a slot, and whose claim is the latest: two masters that were given slots at once may have
   * taken the same epoch, and a slot that is moved before that is settled may end up with nobody.
   */
  const agreedOn = async (slot: number, owner: string): Promise<boolean> => {
    const owners = await Promise.all(masters.map((node) => ownerIn(node, slot)))
    return owners.every((id) => id === owner) && settled(masters)
  }
  /** Whether each of these nodes knows the epochs of all claims, and no two are the same. */
  const settled = async (nodes: readonly ClusterNode[]): Promise<boolean> => {
    const views = await Promise.all(nodes.map(epochsIn))
    const epochs = new Set(views[0]?.map((line) => line.split(' ')[0]))
    return new Set(views.map(String)).size === 1 && epochs.size === views[0]?.length
  }
  const pick = (node: ClusterNode | undefined): ClusterNode => {
    if (node === undefined) throw new Error('the Cluster has no such master')
    return node
  }
  const ownerOf = async (slot: number): Promise<ClusterNode> => {
    const id = await ownerId(slot)
    return pick([...masters, ...replicas].find((node) => node.id === id))
  }

  return {
    addresses: cluster.addresses,
    ownerOf,
    async otherThan(slot) {
      const id = await ownerId(slot)
      return pick(masters.find((node) => node.id !== id))
    },
    async begin(slot, to) {
      const from = await ownerOf(slot)
      await to.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', from.id)
      await from.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', to.id)
      const all = async (): Promise<readonly string[]> =>
        (await from.call('CLUSTER', 'GETKEYSINSLOT', slot, 1_000)) as string[]
      const migrate = async (names: readonly string[]): Promise<void> => {
        if (names.length > 0) await from.call('MIGRATE', host, to.server.port, '', 0, 5_000, 'KEYS', ...names)
      }
      return {
        keys: async (names) => migrate(names ?? (await all())),
        async finish() {
          for (let left = await all(); left.length > 0; left = await all()) await migrate(left)
          for (const node of [to, from, ...masters.filter((other) => other !== to && other !== from)])
            await node.call('CLUSTER', 'SETSLOT', slot, 'NODE', to.id)
          if (!(await until(() => agreedOn(slot, to.id), patience)))
            throw new Error(`the masters do not agree on slot ${slot}`)
        },
      }
    },
    async addReplica(master) {
      const config = ['--cluster-enabled', 'yes', '--cluster-node-timeout', `${nodeTimeout}`]
      const server = await startOwnRedis([...config, '--cluster-config-file', `replica-${master.id}.conf`])
      const replica = await connectTo(server)
      replicas.push(replica)
      await replica.call('CLUSTER', 'MEET', host, master.server.port)
      const follows = async (): Promise<boolean> =>
        replica.call('CLUSTER', 'REPLICATE', master.id).then(
          () => true,
          () => false,
        )
      const level = async (): Promise<boolean> =>
        String(await replica.call('INFO', 'replication')).includes('master_link_status:up')
      // All must have heard of it, or they would not vote for it.
      const known = async (): Promise<boolean> => {
        const lists = await Promise.all(masters.map(({ call }) => call('CLUSTER', 'NODES')))
        const own = new RegExp(`^${replica.id} .*slave ${master.id} .* connected`, 'm')
        return lists.every((list) => own.test(String(list)))
      }
      // Who claims its master's slots by an epoch from before the last one is refused every vote, for ever.
      const current = (): Promise<boolean> => settled([...masters, replica])
      if (
        !(await until(follows, patience)) ||
        !(await until(level, patience)) ||
        !(await until(known, patience)) ||
        !(await until(current, patience))
      )
        throw new Error('the replica did not come up')
      return replica
    },
    async stop() {
      for (const node of [...masters, ...replicas]) node.end()
      await Promise.all(replicas.map(({ server }) => server.stop()))
      await cluster.stop()
    },
  }
}
