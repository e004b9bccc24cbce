import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Setup } from './worker.ts'

/** A process under test. */
export interface Process {
  readonly pid: number
  /** Ends it at once, as a machine that fails would; resolves when it is gone. */
  kill(): Promise<void>
  /** Lets it stop in order; it must then end by itself. */
  stop(): Promise<void>
}

/** Starts a worker process; resolves when it takes tasks. */
export async function startWorker(setup: Setup): Promise<Process> {
  const child = fork(fileURLToPath(new URL('worker.ts', import.meta.url)), [JSON.stringify(setup)], {
    execArgv: ['--conditions=@reprise/source', '--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const ended = once(child, 'exit')
  await Promise.race([
    once(child, 'message'),
    ended.then(([code]) =>
      Promise.reject(new Error(`a process ended with ${String(code)} before it was ready`)),
    ),
  ])
  return {
    pid: child.pid ?? 0,
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.send('stop')
      await ended
    },
  }
}
