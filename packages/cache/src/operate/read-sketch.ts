/** A key that a sketch counts. Reads are of late: older ones weigh less and less. */
export interface CountedKey {
  readonly key: string
  readonly space: string
  /** Estimate of its reads, too high by `error` at most where every read is counted. */
  readonly reads: number
  readonly error: number
}

/** Settings of a sketch. */
export interface SketchOptions {
  /** Milliseconds from any start, of a clock that does not jump. */
  readonly now: () => number
  /** Keys that are counted at a time. @default 256 */
  readonly capacity?: number
  /** One read of so many is counted, on the average, where there are very many. @default 128 */
  readonly every?: number
  /** While there were not more reads of late, each of them is counted; of n times as many, one in n. @default 4096 */
  readonly exactUpTo?: number
  /** Milliseconds after which a read weighs half. @default 5 minutes */
  readonly halfLife?: number
}

interface Counter {
  key: string
  space: string
  reads: number
  error: number
  /** Its index in the heap. */
  place: number
}

/**
 * The keys that are read most, in fixed space: Space-Saving (Metwally, Agrawal, El Abbadi; ICDT 2005). A key without a
 * counter takes over the counter that has least, and what it had is its `error`. So where every read is counted, each
 * key with more than `total / capacity` reads has a counter, and `reads - error` to `reads` holds the true number.
 *
 * Of many reads a sample is counted, and weighed by what it stands for: where one in n is, the estimate spreads by about
 * the root of `n * reads`. The reads between two samples are drawn from 1 to `2 * n - 1`, since reads in a fixed rhythm
 * would otherwise show one key for all. The counters are a heap with the least at its root, which halving leaves a heap.
 */
export class ReadSketch {
  readonly #now: () => number
  readonly #capacity: number
  readonly #every: number
  readonly #exactUpTo: number
  readonly #halfLife: number
  readonly #heap: Counter[] = []
  readonly #byKey = new Map<string, Counter>()
  #total = 0
  #halvedAt: number
  /** Reads up to the next that is counted, and the number for which that one stands. */
  #left = 1
  #weight = 1
  #random = 0x9e3779b9

  constructor(options: SketchOptions) {
    this.#now = options.now
    this.#capacity = options.capacity ?? 256
    this.#every = options.every ?? 128
    this.#exactUpTo = options.exactUpTo ?? 4_096
    this.#halfLife = options.halfLife ?? 300_000
    this.#halvedAt = options.now()
  }

  /** A read. */
  note(key: string, space: string): void {
    if (this.isDue()) this.count(key, space)
  }

  /** A read: whether it is one to `count`. Nearly always this takes one from a number and nothing more. */
  isDue(): boolean {
    this.#left -= 1
    return this.#left === 0
  }

  /** Reads of late, of all keys. */
  get total(): number {
    this.#halve()
    return this.#total
  }

  /** What is counted, most first. */
  list(): CountedKey[] {
    this.#halve()
    return this.#heap
      .map(({ key, space, reads, error }) => ({ key, space, reads, error }))
      .toSorted((one, other) => other.reads - one.reads)
  }

  /** Counts a read that was due. */
  count(key: string, space: string): void {
    this.#halve()
    const weight = this.#weight
    this.#total += weight
    const every = Math.min(this.#every, Math.ceil(this.#total / this.#exactUpTo)) | 0
    this.#weight = every
    this.#left = every === 1 ? 1 : this.#draw(2 * every - 1)
    let counter = this.#byKey.get(key)
    if (counter === undefined && this.#heap.length < this.#capacity) {
      counter = { key, space, reads: 0, error: 0, place: this.#heap.length }
      this.#heap.push(counter)
      this.#byKey.set(key, counter)
      this.#rise(counter)
    } else if (counter === undefined) {
      counter = this.#heap[0] as Counter
      this.#byKey.delete(counter.key)
      this.#byKey.set(key, counter)
      counter.key = key
      counter.space = space
      counter.error = counter.reads
    }
    counter.reads += weight
    this.#sink(counter)
  }

  #halve(): void {
    const times = Math.floor((this.#now() - this.#halvedAt) / this.#halfLife)
    if (times < 1) return
    this.#halvedAt += times * this.#halfLife
    const kept = 0.5 ** times
    this.#total *= kept
    for (const counter of this.#heap) {
      counter.reads *= kept
      counter.error *= kept
    }
  }

  /** A whole number from 1 to `most`, by xorshift: the engine's randomness is for what callers can see. */
  #draw(most: number): number {
    this.#random ^= this.#random << 13
    this.#random ^= this.#random >>> 17
    this.#random ^= this.#random << 5
    return 1 + ((this.#random >>> 0) % most)
  }

  #rise(counter: Counter): void {
    for (let { place } = counter; place > 0;) {
      const above = this.#heap[(place - 1) >> 1] as Counter
      if (above.reads <= counter.reads) return
      this.#swap(above, counter)
      place = counter.place
    }
  }

  #sink(counter: Counter): void {
    const heap = this.#heap
    for (;;) {
      const left = heap[2 * counter.place + 1]
      const right = heap[2 * counter.place + 2]
      const less = right !== undefined && left !== undefined && right.reads < left.reads ? right : left
      if (less === undefined || less.reads >= counter.reads) return
      this.#swap(less, counter)
    }
  }

  #swap(one: Counter, other: Counter): void {
    const { place } = one
    one.place = other.place
    other.place = place
    this.#heap[one.place] = one
    this.#heap[place] = other
  }
}
