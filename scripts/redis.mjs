import { join } from 'node:path'

import { startDaemon } from './daemon.mjs'
import { run } from './run.mjs'

/** Keeps nothing on disk. */
const settings = ['--save', '', '--appendonly', 'no']
const conversation = { greeting: Buffer.from('PING\r\n'), answer: '+PONG' }

/**
 * Starts a Redis for tests on a free port of 127.0.0.1.
 * @param {string} place the folder of `redis-server`, or `'docker'`
 * @param {string} folder an empty folder of its own
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
export const startRedis = async (place, folder) => {
  const container = `reprise-test-redis-${process.pid}`
  const program = join(place, 'redis-server')
  const daemon = await startDaemon(
    place === 'docker'
      ? {
          name: 'redis-server in Docker',
          command: 'docker',
          args: (port) =>
            [
              'run',
              '--rm',
              '--name',
              container,
              '-p',
              `127.0.0.1:${port}:6379`,
              'redis:7',
              'redis-server',
            ].concat(settings),
          container,
          endSignal: 'SIGTERM',
          patience: 300_000,
          ...conversation,
        }
      : {
          name: 'redis-server',
          command: program,
          args: (port) => ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, ...settings],
          endSignal: 'SIGTERM',
          patience: 30_000,
          ...conversation,
        },
  )
  const version =
    place === 'docker' ? '7 in Docker' : /v=([\d.]+)/.exec((await run(program, ['--version'])).output)?.[1]
  console.log(`redis-server ${version} on 127.0.0.1:${daemon.port}`)
  return { url: `redis://127.0.0.1:${daemon.port}`, stop: daemon.stop }
}
