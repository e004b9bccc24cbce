import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Order, Setup, Word } from './worker.ts'

/** A process under test. */
export interface Process {
  /** What it answers to an order. */
  ask(order: Exclude<Order, { do: 'close' }>): Promise<readonly string[]>
  /** Closes its cache; it must then end by itself. */
  close(): Promise<void>
}

/** Starts a process; resolves when its cache is open. */
export async function startProcess(setup: Setup): Promise<Process> {
  const child = fork(fileURLToPath(new URL('worker.ts', import.meta.url)), [JSON.stringify(setup)], {
    execArgv: ['--conditions=@reprise/source', '--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const ended = once(child, 'exit')
  const word = async (): Promise<Word> => {
    const early = ended.then(([code]) => {
      throw new Error(`a process ended with ${String(code)} before it answered`)
    })
    const [said] = (await Promise.race([once(child, 'message'), early])) as [Word]
    return said
  }
  await word()
  return {
    async ask(order) {
      const answer = word()
      child.send(order)
      const said = await answer
      return said.say === 'answers' ? said.values : []
    },
    async close() {
      child.send({ do: 'close' } satisfies Order)
      await ended
    },
  }
}
