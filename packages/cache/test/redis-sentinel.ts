import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { freePort, redisServer } from './redis-server.ts'

/** A Sentinel that a test started. */
export interface OwnSentinel {
  readonly port: number
  /** Asks it something. */
  ask(...words: readonly string[]): Promise<unknown>
  freeze(): void
  thaw(): void
  stop(): Promise<void>
}

/**
 * Starts a Sentinel that watches a master on a port of 127.0.0.1 under the name `main`. It starts a fail-over when it
 * takes the master for dead itself, and leads it with the votes of most of the others.
 */
export async function startSentinel(options: {
  readonly master: number
  /** Milliseconds of silence after which it takes the master for dead. @default 500 */
  readonly downAfter?: number
  /** More lines of its configuration. */
  readonly lines?: readonly string[]
}): Promise<OwnSentinel> {
  const { master, downAfter = 500, lines = [] } = options
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'reprise-sentinel-'))
  const file = join(folder, 'sentinel.conf')
  const own = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${folder}`,
    `sentinel monitor main 127.0.0.1 ${master} 1`,
    `sentinel down-after-milliseconds main ${downAfter}`,
    'sentinel failover-timeout main 1500',
  ]
  writeFileSync(file, `${[...own, ...lines].join('\n')}\n`)
  const child: ChildProcess = spawn(redisServer, [file, '--sentinel'], { stdio: 'ignore' })
  child.once('error', () => {})
  const admin = new Redis({ port, host: '127.0.0.1', enableReadyCheck: false, retryStrategy: () => 20 })
  admin.on('error', () => {})
  const ask = (...words: readonly string[]): Promise<unknown> => admin.call('SENTINEL', ...words)
  // It looks around every second or two by itself.
  const every = ['info-period', 'ping-period', 'ask-period', 'publish-period'].flatMap((name) => [
    name,
    '100',
  ])
  await ask('DEBUG', ...every)
  return {
    port,
    ask,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    async stop() {
      admin.disconnect()
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await gone
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
