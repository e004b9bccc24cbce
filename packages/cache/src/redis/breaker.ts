import type { Clock, Random } from '../clock.ts'

/** `closed`: calls go out; `open`: they are refused at once; `half-open`: one is out to see whether the store is back. */
export type BreakerState = 'closed' | 'open' | 'half-open'

/** How a breaker behaves. */
export interface BreakerOptions {
  /** Failures in a row that open it. */
  readonly failures: number
  /** Milliseconds from opening to the first probe; doubles with each probe that fails. */
  readonly delay: number
  /** Longest such pause in milliseconds. */
  readonly longestDelay: number
  readonly clock: Clock
  readonly random?: Random
  /** Hears of every change. */
  readonly onState?: (state: BreakerState) => void
}

/** Keeps calls away from a store that does not answer, and lets one through now and then to see. It needs no timer. */
export interface Breaker {
  readonly state: BreakerState
  /** A ticket for a call that may go out, or undefined. Every ticket must be settled. */
  enter(): number | undefined
  /** Tells how the call of a ticket went; `undefined` when that says nothing about the store. */
  settle(ticket: number, healthy: boolean | undefined): void
  /** Milliseconds until a call makes sense. */
  retryAfter(): number
}

/** A closed breaker. */
export function createBreaker(options: BreakerOptions): Breaker {
  const { clock, random = Math.random } = options
  let state: BreakerState = 'closed'
  let failures = 0
  let pauses = 0
  let opened = 0
  let pause = 0
  let tickets = 0
  let probe: number | undefined

  const change = (next: BreakerState): void => {
    if (state === next) return
    state = next
    options.onState?.(next)
  }
  const open = (): void => {
    opened = clock.now()
    // Half of the pause is random, so that processes do not all probe in the same moment.
    pause = Math.min(options.longestDelay, options.delay * 2 ** pauses) * (0.5 + random() / 2)
    pauses = Math.min(pauses + 1, 20)
    probe = undefined
    change('open')
  }
  /** Milliseconds of the pause that are left; none when the clock was turned back. */
  const left = (): number => {
    const passed = clock.now() - opened
    return passed < 0 ? 0 : Math.max(0, pause - passed)
  }

  return {
    get state() {
      return state
    },
    enter() {
      tickets += 1
      if (state === 'closed') return tickets
      if (state === 'half-open' || left() > 0) return undefined
      probe = tickets
      change('half-open')
      return tickets
    },
    settle(ticket, healthy) {
      if (healthy === true) {
        failures = 0
        pauses = 0
        probe = undefined
        change('closed')
      } else if (ticket === probe) {
        // A probe that tells nothing is followed by another one.
        if (healthy === undefined) pauses = 0
        open()
      } else if (healthy === false && state === 'closed') {
        failures += 1
        if (failures >= options.failures) open()
      }
    },
    retryAfter: () => (state === 'open' ? Math.ceil(left()) : state === 'half-open' ? options.delay : 0),
  }
}
