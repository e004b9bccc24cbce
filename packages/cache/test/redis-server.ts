import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'

/** A Redis that a test started and may freeze, kill and start again. */
export interface OwnRedis {
  readonly port: number
  readonly url: string
  freeze(): void
  thaw(): void
  /** Ends it at once, without a word. */
  kill(): Promise<void>
  /** Starts it again on its port, empty. */
  start(): Promise<void>
  /** Ends it and removes its folder. */
  stop(): Promise<void>
}

/** A port of 127.0.0.1 that is free at this moment, and 10000 more too, for a Cluster's bus. */
export async function freePort(): Promise<number> {
  const take = (port: number): Promise<number> =>
    new Promise((resolve, reject) => {
      const server = createServer()
      server.once('error', reject)
      server.listen(port, '127.0.0.1', () => {
        const { port: taken } = server.address() as { port: number }
        server.close(() => resolve(taken))
      })
    })
  for (;;) {
    // Below those that outgoing connections get, with the bus of a Cluster.
    const port = 10_000 + Math.floor(Math.random() * 12_000)
    try {
      await take(port)
      await take(port + 10_000)
      return port
    } catch {
      // Somebody has it.
    }
  }
}

/** The program that tests start; REPRISE_TEST_REDIS_SERVER names another one, such as `valkey-server`. */
export const redisServer = process.env['REPRISE_TEST_REDIS_SERVER'] || 'redis-server'

/** Starts a redis-server of its own with these arguments. */
export async function startOwnRedis(args: readonly string[] = []): Promise<OwnRedis> {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'reprise-redis-'))
  const settings = [
    '--port',
    `${port}`,
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--save',
    '',
    '--appendonly',
    'no',
  ]
  let child: ChildProcess | undefined
  const start = async (): Promise<void> => {
    child = spawn(redisServer, [...settings, ...args], { stdio: 'ignore' })
    child.once('error', () => {})
    const probe = new Redis({ port, host: '127.0.0.1', lazyConnect: true, maxRetriesPerRequest: 400 })
    probe.options.retryStrategy = () => 20
    probe.on('error', () => {})
    await probe.ping()
    probe.disconnect()
  }
  const kill = async (): Promise<void> => {
    const running = child
    if (running === undefined) return
    child = undefined
    const gone = new Promise((resolve) => running.once('exit', resolve))
    running.kill('SIGKILL')
    await gone
  }
  await start()
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    kill,
    start,
    async stop() {
      await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
