import type { ServerFigures, Shared } from '../cluster/shared.ts'
import type { Call } from './call.ts'
import { text } from './reply.ts'

/** Reads INFO of every master; figures of several are added up. */
export function makeServerFigures(call: Call): Required<Pick<Shared, 'server'>> {
  return {
    server: async () =>
      call({ name: 'info', code: 'E_TIER_READ' }, async ({ client }) => {
        const nodes = client.nodes?.('master') ?? [client]
        const infos = await Promise.all(
          nodes.map(async (node) => readInfo(text(await node.callBuffer('INFO')))),
        )
        return addUp(infos)
      }),
  }
}

/** The fields of INFO by name. */
function readInfo(info: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  for (const line of info.split(/\r?\n/)) {
    const at = line.indexOf(':')
    if (at > 0 && !line.startsWith('#')) fields.set(line.slice(0, at), line.slice(at + 1))
  }
  return fields
}

function addUp(infos: readonly ReadonlyMap<string, string>[]): ServerFigures {
  const [first = new Map<string, string>()] = infos
  const sum = (name: string): number =>
    infos.reduce((total, info) => total + (Number(info.get(name) ?? 0) || 0), 0)
  const valkey = first.get('valkey_version')
  return {
    product: valkey === undefined ? 'redis' : 'valkey',
    version: valkey ?? first.get('redis_version') ?? 'unknown',
    role: infos.length > 1 ? 'cluster' : (first.get('role') ?? 'unknown'),
    uptime: Number(first.get('uptime_in_seconds') ?? 0) * 1_000,
    nodes: infos.length,
    memory: {
      used: sum('used_memory'),
      peak: sum('used_memory_peak'),
      max: sum('maxmemory'),
      policy: first.get('maxmemory_policy') ?? 'unknown',
    },
    clients: { connected: sum('connected_clients'), blocked: sum('blocked_clients') },
    commands: {
      processed: sum('total_commands_processed'),
      perSecond: sum('instantaneous_ops_per_sec'),
      keyHits: sum('keyspace_hits'),
      keyMisses: sum('keyspace_misses'),
    },
    keys: { evicted: sum('evicted_keys'), expired: sum('expired_keys') },
  }
}
