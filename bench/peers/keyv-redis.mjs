import KeyvRedis from '@keyv/redis'
import { createCluster } from '@redis/client'

/**
 * The Redis store of Keyv, on one server or a Cluster; errors that nobody hears would end the process.
 * @param {{ redisUrl: string | undefined, cluster?: readonly { host: string, port: number }[] }} options
 */
export const openKeyvRedis = async ({ redisUrl, cluster }) => {
  let address = redisUrl
  if (cluster !== undefined) {
    address = createCluster({
      rootNodes: cluster.map(({ host, port }) => ({ url: `redis://${host}:${port}` })),
    })
    address.on('error', () => {})
    // Commands before it knows its nodes fail.
    await address.connect()
  }
  const store = new KeyvRedis(address)
  store.on('error', () => {})
  return store
}
