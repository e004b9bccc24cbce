import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { exitCodes } from './exit-codes.ts'
import type { Io } from './io.ts'

/** npm passes on the Ctrl-C that the terminal has already given us: what comes within so many milliseconds is the same one. */
const sameSignal = 500

/** The terminal, or the pipes, of this process. The first Ctrl-C or SIGTERM interrupts the command, a second one ends the process. */
export function processIo(): Io {
  const interruption = new AbortController()
  let interruptedAt = 0
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (!interruption.signal.aborted) {
        interruptedAt = performance.now()
        interruption.abort(new Error('interrupted'))
      } else if (performance.now() - interruptedAt >= sameSignal) process.exit(exitCodes.interrupted)
    })
  }
  // A reader that has seen enough (`reprise keys | head`) is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
  return {
    env: process.env,
    cwd: process.cwd(),
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    isTerminal: process.stderr.isTTY,
    columns: process.stdout.isTTY ? process.stdout.columns : 160,
    interrupted: interruption.signal,
    ask,
  }
}

async function ask(
  question: string,
  { hidden = false }: { readonly hidden?: boolean } = {},
): Promise<string | undefined> {
  if (!process.stdin.isTTY) return undefined
  process.stderr.write(question)
  const silence = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({
    input: process.stdin,
    output: hidden ? silence : process.stderr,
    terminal: true,
  })
  try {
    return await lines.question('')
  } finally {
    lines.close()
    if (hidden) process.stderr.write('\n')
  }
}
