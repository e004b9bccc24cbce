import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { findServers } from './find-servers.mjs'
import { startPostgres } from './postgres.mjs'
import { startRedis } from './redis.mjs'

/**
 * Finds or installs Redis and PostgreSQL, and starts one of each on free ports of 127.0.0.1 with their data in a
 * new temporary folder. `stop` ends both and removes the folder; so does the end of this process, for which a
 * script calls `exitOnSignals()` first.
 * @throws an Error that tells what to install, or what a server printed when it did not start
 * @returns {Promise<{ redisUrl: string, databaseUrl: string, stop: () => Promise<void> }>}
 */
export const startServers = async () => {
  const places = await findServers()
  const folder = mkdtempSync(join(tmpdir(), 'reprise-test-'))
  chmodSync(folder, 0o755) // PostgreSQL may run as another user
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
  process.once('exit', remove)
  const ownFolder = (/** @type {string} */ name) => {
    mkdirSync(join(folder, name))
    return join(folder, name)
  }
  const started = await Promise.allSettled([
    startRedis(places.redis, ownFolder('redis')),
    startPostgres(places.postgres, ownFolder('postgres')),
  ])
  const stop = async () => {
    await Promise.all(started.map(async (server) => server.status === 'fulfilled' && server.value.stop()))
    remove()
    process.off('exit', remove)
  }
  const [redis, postgres] = started
  if (redis.status === 'fulfilled' && postgres.status === 'fulfilled') {
    return { redisUrl: redis.value.url, databaseUrl: postgres.value.url, stop }
  }
  await stop()
  throw redis.status === 'rejected' ? redis.reason : /** @type {PromiseRejectedResult} */ (postgres).reason
}
