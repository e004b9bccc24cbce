import { Presets, SingleBar } from 'cli-progress'
import { whole } from './amounts.ts'
import type { Io } from './io.ts'

/** Says how far a long command is. */
export interface Progress {
  /** How much is done, of how much where that is known, and what is being done. */
  at(done: number, total: number | undefined, what?: string): void
  /** Leaves the last state to be read. */
  end(): void
}

/** A bar where a person looks; else a line whenever another tenth is done, so that a log stays short. */
export function createProgress(io: Io, title: string): Progress {
  return io.isTerminal ? bar(title) : lines(io, title)
}

function bar(title: string): Progress {
  const drawn = new SingleBar(
    {
      format: `${title} {bar} {percentage} % · {amount}`,
      stream: process.stderr,
      hideCursor: true,
      etaBuffer: 100,
    },
    Presets.shades_classic,
  )
  // However the process ends, the cursor is to be seen again.
  const stop = (): void => drawn.stop()
  let begun = false
  return {
    at(done, total, what) {
      const all = Math.max(total ?? done, done, 1)
      const amount = amountOf(done, total, what)
      if (!begun) {
        drawn.start(all, done, { amount })
        process.once('exit', stop)
      }
      begun = true
      drawn.setTotal(all)
      drawn.update(done, { amount })
    },
    end() {
      process.off('exit', stop)
      stop()
    },
  }
}

function lines(io: Io, title: string): Progress {
  let said = -1
  return {
    at(done, total, what) {
      const tenth = total === undefined || total === 0 ? 0 : Math.floor((done / total) * 10)
      if (tenth === said) return
      said = tenth
      io.err(`${title}: ${amountOf(done, total, what)}\n`)
    },
    end() {},
  }
}

/** `1,200 of 5,000 · what`, as far as there is something to say. */
function amountOf(done: number, total: number | undefined, what = ''): string {
  const of = total === undefined ? '' : ` of ${whole(total)}`
  const amount = done === 0 && total === undefined && what !== '' ? '' : `${whole(done)}${of}`
  return [amount, what].filter((part) => part !== '').join(' · ')
}
