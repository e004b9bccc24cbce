import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { RedisAddresses } from '@reprise/cache/redis'
import type { Order, Word } from './worker.ts'

const program = join(process.env['REPRISE_TEST_PROGRAMS'] ?? '', 'cache-worker.js')

/** A process of a cluster under test, with everything it has said so far. */
export interface Process {
  readonly pid: number
  readonly words: readonly Word[]
  tell(order: Order): void
  /** The next word of a kind from now on. */
  hears<Say extends Word['say']>(say: Say): Promise<Extract<Word, { say: Say }>>
  /** Ends it at once, without a word. */
  kill(): Promise<void>
  /** Closes its cache; it must then end by itself. */
  close(): Promise<void>
}

/** Starts a process on a Redis; resolves when its cache is open. */
export async function startProcess(options: {
  addresses: RedisAddresses
  prefix: string
  lease: number
}): Promise<Process> {
  const child: ChildProcess = fork(program, [JSON.stringify(options)], {
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const words: Word[] = []
  const waiting = new Set<(word: Word) => void>()
  child.on('message', (word) => {
    words.push(word as Word)
    for (const listener of waiting) listener(word as Word)
  })
  const hears: Process['hears'] = (say) =>
    new Promise((resolve) => {
      const listener = (word: Word): void => {
        if (word.say !== say) return
        waiting.delete(listener)
        resolve(word as never)
      }
      waiting.add(listener)
    })
  const ended = once(child, 'exit')
  await Promise.race([
    hears('ready'),
    ended.then(([code]) =>
      Promise.reject(new Error(`a process ended with ${String(code)} before it was ready`)),
    ),
  ])
  return {
    pid: child.pid as number,
    words,
    tell: (order) => void child.send(order),
    hears,
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.send({ do: 'close' } satisfies Order)
      await ended
    },
  }
}
