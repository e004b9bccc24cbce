import { type Clock, systemClock } from '../clock.ts'

/** Reads within a millisecond of each other that make a burst. */
const few = 8
/** Reads that one look at the clock serves then. */
const many = 64
/** Reads before the next burst, after one that was too short to be worth its end. */
const pause = 512
/** What an entry must have left to live for an earlier look to do, in milliseconds. */
const margin = 250

/**
 * The time for reads that come in bursts. Looking at the clock of the machine takes a good part of a hit in memory, so in
 * a burst one look serves up to 64 reads, until `atEnd` runs what it is given: after one synchronous run, or one turn of
 * the event loop. Such a time may be old by as long as that lasts, and `slack` tells for how long that is no harm. Of
 * another clock than the machine's every read asks.
 */
export class BurstClock {
  /** Milliseconds that the time which `next` gave may be old: 0 where it is of this moment. */
  slack = 0
  readonly #clock: Clock
  readonly #atEnd: (end: () => void) => void
  readonly #end: () => void
  readonly #few: number
  #time = 0
  #left = 0
  #dense = 0
  /** Looks since the burst began. */
  #looks = 0

  constructor(clock: Clock, atEnd: (end: () => void) => void, bursts = clock === systemClock) {
    this.#clock = clock
    this.#atEnd = atEnd
    this.#few = bursts ? few : Infinity
    this.#end = () => {
      if (this.#looks === 1 && many - this.#left < few) this.#dense = -pause
      this.#left = 0
      this.#looks = 0
    }
  }

  /** The time, in a burst by a look before. */
  next(): number {
    if (this.#left > 0) {
      this.#left -= 1
      this.slack = margin
      return this.#time
    }
    const before = this.#time
    const now = this.look()
    const passed = now - before
    this.#dense = passed === 0 || passed === 1 ? this.#dense + 1 : 0
    if (this.#dense >= this.#few) this.#begin()
    return now
  }

  /** The time by a look at the clock. */
  look(): number {
    this.slack = 0
    return (this.#time = this.#clock.now())
  }

  #begin(): void {
    this.#left = many
    if (this.#looks === 0) this.#atEnd(this.#end)
    this.#looks += 1
  }
}
