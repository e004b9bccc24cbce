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
      format: `${title} {bar} {percentage} % · {value} of {total} · {what}`,
      stream: process.stderr,
      hideCursor: true,
      etaBuffer: 100,
    },
    Presets.shades_classic,
  )
  let begun = false
  return {
    at(done, total, what = '') {
      const all = Math.max(total ?? done, done, 1)
      if (!begun) drawn.start(all, done, { what })
      begun = true
      drawn.setTotal(all)
      drawn.update(done, { what })
    },
    end: () => drawn.stop(),
  }
}

function lines(io: Io, title: string): Progress {
  let said = -1
  return {
    at(done, total, what) {
      const tenth = total === undefined || total === 0 ? 0 : Math.floor((done / total) * 10)
      if (tenth === said) return
      said = tenth
      const of = total === undefined ? '' : ` of ${whole(total)}`
      io.err(`${title}: ${whole(done)}${of}${what === undefined || what === '' ? '' : ` · ${what}`}\n`)
    },
    end() {},
  }
}
