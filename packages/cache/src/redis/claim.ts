import { RepriseError, quote } from '../errors.ts'
import type { RedisClient } from './client.ts'
import type { CatalogKeys } from './keys.ts'
import { items, text } from './reply.ts'
import type { RedisSettings } from './settings.ts'

/** Takes the prefix for what the descriptor tells, or finds it taken for the same. @throws E_CATALOG_SHARED when it is another's */
export async function claim(client: RedisClient, names: CatalogKeys, settings: RedisSettings): Promise<void> {
  const { prefix, descriptor } = settings
  const taken = await client.callBuffer('SET', names.descriptor, descriptor, 'NX', 'GET')
  if (taken === null || text(taken) === descriptor) return
  throw new RepriseError(
    'E_CATALOG_SHARED',
    `prefix ${quote(prefix)} belongs to a catalog of another shape in this Redis (${quote(text(taken))}, here ` +
      `${quote(descriptor)}); give this application a prefix of its own, or delete ${names.descriptor} if the ` +
      'other one is gone',
  )
}

/**
 * Whether a connection leads to one of several masters of a Cluster, which refuses most keys: with the client of a Cluster
 * it does not. False where the user may not ask.
 */
export async function isClusterNode(client: Pick<RedisClient, 'isCluster' | 'callBuffer'>): Promise<boolean> {
  if (client.isCluster === true) return false
  const ask = (...command: readonly [string, string]): Promise<string> =>
    client.callBuffer(...command).then(text, () => '')
  if (!/^cluster_enabled:1/m.test(await ask('INFO', 'cluster'))) return false
  return Number(/^cluster_size:(\d+)/m.exec(await ask('CLUSTER', 'INFO'))?.[1] ?? 0) > 1
}

/** @throws E_OPTION_INVALID for one node of a Cluster */
export async function refuseClusterNode(client: RedisClient): Promise<void> {
  if (!(await isClusterNode(client))) return
  throw new RepriseError(
    'E_OPTION_INVALID',
    'The address of Redis is that of one node of a Cluster, which has only some of the keys: give `cluster` its nodes',
  )
}

/** Warns of a server that may throw away marks and the log when memory is short. */
export async function warnOfEviction(client: RedisClient, settings: RedisSettings): Promise<void> {
  try {
    const node = client.nodes?.('master')[0] ?? client
    const [memory, policy] = await Promise.all(
      ['maxmemory', 'maxmemory-policy'].map(async (name) =>
        text(items(await node.callBuffer('CONFIG', 'GET', name))[1]),
      ),
    )
    if (policy === 'noeviction' || policy === undefined || policy === '' || Number(memory) === 0) return
    settings.onWarning(
      `maxmemory-policy is ${policy}: with the marks or the log evicted, every older entry becomes a miss; ` +
        'use noeviction and an alarm on memory',
    )
  } catch {
    // A user that may not ask is not told.
  }
}
