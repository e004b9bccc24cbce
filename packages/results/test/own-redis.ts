import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'

/** A redis-server that a test started, which it may freeze and kill. */
export interface OwnRedis {
  readonly port: number
  freeze(): void
  thaw(): void
  kill(): Promise<void>
  /** Starts it again on its port, empty. */
  start(): Promise<void>
  stop(): Promise<void>
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

/** Starts a redis-server; REPRISE_TEST_REDIS_SERVER names another program, such as `valkey-server`. */
export async function startOwnRedis(): Promise<OwnRedis> {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'reprise-redis-'))
  const program = process.env['REPRISE_TEST_REDIS_SERVER'] || 'redis-server'
  const args = [
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

  async function start(): Promise<void> {
    child = spawn(program, args, { stdio: 'ignore' })
    const probe = new Redis({ port, host: '127.0.0.1', maxRetriesPerRequest: 400, retryStrategy: () => 20 })
    probe.on('error', () => {})
    await probe.ping()
    probe.disconnect()
  }
  async function kill(): Promise<void> {
    const running = child
    if (running === undefined) return
    child = undefined
    const gone = once(running, 'exit')
    running.kill('SIGKILL')
    await gone
  }
  await start()
  return {
    port,
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
