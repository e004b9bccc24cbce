/**
 * One load in progress that everybody who wants its key shares. Callers join and leave; when the last one has
 * left before there is an answer, the load is abandoned. The answer comes once: a value found below, a value
 * loaded, a stale value served instead, or an error that all share. A flight whose ticket was broken goes on
 * for those who joined before, and keeps nothing.
 */
import type { Entry, Position } from '../entry/entry.ts'
import type { Ticket } from '../write/ticket.ts'

/** What a flight answers its callers. */
export interface Answer {
  readonly value: unknown
  readonly entry: Entry | undefined
  readonly outcome: 'hit' | 'stale' | 'miss'
  readonly tier?: string
  /** Where the log stood when a value began that was invalidated while it was made: it is right only for those who joined then. */
  readonly diedSince?: number
}

/** One load in progress. */
export class Flight {
  readonly key: string
  readonly ticket: Ticket
  readonly marks: readonly string[]
  readonly startedAt: number
  readonly forced: boolean
  /** The value to serve when loading fails or is slow. */
  fallback: Entry | undefined
  /** The position of the log when the loader was called. */
  asOf: Position | undefined
  callers = 0
  answered = false
  /** Whether it ended with an error: who comes then starts anew, or is held back. */
  failed = false
  /** Whether it goes on without callers. */
  keepAlive = false
  #controller: AbortController | undefined
  #onAbandon: () => void
  readonly #answer: Promise<Answer>
  /** The end of the load, where a stale value was served before it. */
  #loaded: Promise<Answer> | undefined
  #resolve!: (answer: Answer) => void
  #reject!: (error: unknown) => void

  constructor(options: {
    readonly ticket: Ticket
    readonly marks: readonly string[]
    readonly startedAt: number
    readonly forced: boolean
    readonly fallback: Entry | undefined
    readonly onAbandon: () => void
  }) {
    this.key = options.ticket.key
    this.ticket = options.ticket
    this.marks = options.marks
    this.startedAt = options.startedAt
    this.forced = options.forced
    this.fallback = options.fallback
    this.#onAbandon = options.onAbandon
    this.#answer = this.#await()
  }

  /** The promise that the next end fulfils. */
  #await(): Promise<Answer> {
    const promise = new Promise<Answer>((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    // A failure that nobody waits for is told by its event, not by an unhandled rejection.
    promise.catch(() => {})
    return promise
  }

  /** What ends the load; made when somebody needs it, since most flights end with what a store had. */
  get controller(): AbortController {
    return (this.#controller ??= new AbortController())
  }

  /** Whether the load was ended. */
  get aborted(): boolean {
    return this.#controller?.signal.aborted === true
  }

  /** Gives those who wait a stale value; the load goes on, and who comes later waits for its end. */
  serve(answer: Answer): void {
    if (this.answered) return
    this.answered = true
    this.#resolve(answer)
    this.#loaded ??= this.#await()
  }

  /** Ends the flight with an answer; later ones change nothing. */
  settle(answer: Answer): void {
    this.answered = true
    this.#resolve(answer)
  }

  /** Ends the flight with an error; later ones change nothing. */
  fail(error: unknown): void {
    this.answered = true
    this.failed = true
    this.#reject(error)
  }

  /** Waits for the answer as one more caller; rejects with the signal's reason when it fires. */
  join(signal?: AbortSignal): Promise<Answer> {
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error)
    // A stale value that was served to others may be invalidated or over by now.
    const awaited = this.#loaded ?? this.#answer
    this.callers += 1
    if (signal === undefined) return awaited
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.callers -= 1
        reject(signal.reason as Error)
        if (this.callers === 0 && !this.answered && !this.keepAlive) this.#onAbandon()
      }
      signal.addEventListener('abort', leave, { once: true })
      const stay = (): void => signal.removeEventListener('abort', leave)
      awaited.then(
        (answer) => {
          stay()
          resolve(answer)
        },
        (error: unknown) => {
          stay()
          reject(error)
        },
      )
    })
  }
}
