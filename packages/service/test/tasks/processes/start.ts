import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Setup } from './worker.ts'

const program = join(process.env['REPRISE_TEST_PROGRAMS'] ?? '', 'task-worker.js')

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
  const child = fork(program, [JSON.stringify(setup)], {
    execArgv: [],
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
