import { heard, publish } from '../events.ts'

/**
 * How long calls took, in buckets: since counts only grow, what happened between two looks is their difference. A hit in
 * memory is not timed: it takes less time than the two looks at the clock would.
 */
export interface Latency {
  readonly count: number
  /** Sum of the durations, in milliseconds. */
  readonly time: number
  /** How many took at most as long as the bound of the same place in `latencyBounds`; one more for those that took longer. */
  readonly buckets: readonly number[]
}

/** The upper ends of the buckets in milliseconds, each √2 times the one before: from 31 µs to 131 s. */
export const latencyBounds: readonly number[] = Object.freeze(
  Array.from({ length: 45 }, (_, place) => 2 ** (place / 2 - 5)),
)

/** No call. */
export const noLatency: Latency = Object.freeze({
  count: 0,
  time: 0,
  buckets: Object.freeze([...latencyBounds, Infinity].map(() => 0)),
})

/** Counts durations. */
export class LatencyCounter {
  #count = 0
  #time = 0
  readonly #buckets: number[] = [...noLatency.buckets]

  /** A call took so many milliseconds. */
  note(milliseconds: number): void {
    const taken = Math.max(0, milliseconds)
    const place = latencyBounds.findIndex((bound) => taken <= bound)
    const bucket = place === -1 ? latencyBounds.length : place
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + 1
    this.#count += 1
    this.#time += taken
  }

  /** What was counted, as a copy. */
  read(): Latency {
    return { count: this.#count, time: this.#time, buckets: [...this.#buckets] }
  }
}

/** What was counted between two looks. */
export function latencySince(before: Latency, now: Latency): Latency {
  return {
    count: now.count - before.count,
    time: now.time - before.time,
    buckets: now.buckets.map((count, place) => count - (before.buckets[place] ?? 0)),
  }
}

/** Several counts together. */
export function latencyOfAll(several: readonly Latency[]): Latency {
  return several.reduce(
    (sum, { count, time, buckets }) => ({
      count: sum.count + count,
      time: sum.time + time,
      buckets: sum.buckets.map((some, place) => some + (buckets[place] ?? 0)),
    }),
    noLatency,
  )
}

/**
 * The duration in milliseconds that a share of the calls did not exceed, such as 0.99 of them: at most √2 times off,
 * since it is taken from within a bucket. Undefined without calls.
 */
export function latencyQuantile({ count, buckets }: Latency, share: number): number | undefined {
  if (count === 0) return undefined
  let left = share * count
  for (const [place, some] of buckets.entries()) {
    if (some > 0 && left <= some) {
      const low = place === 0 ? 0 : (latencyBounds[place - 1] as number)
      const high = latencyBounds[place] ?? low
      return low + (high - low) * (left / some)
    }
    left -= some
  }
  return latencyBounds.at(-1)
}

/** The counters of a cache: of the calls of each tier below memory, by its name, and of the loads of each space. */
export interface Latencies {
  readonly tiers: ReadonlyMap<string, Readonly<Record<'reads' | 'writes', LatencyCounter>>>
  readonly loads: ReadonlyMap<string, LatencyCounter>
  /** Milliseconds from any start. */
  readonly now: () => number
}

/** Counters at zero. */
export function createLatencies(of: {
  readonly tiers: readonly string[]
  readonly spaces: readonly string[]
  readonly now: () => number
}): Latencies {
  return {
    tiers: new Map(
      of.tiers.map((name) => [name, { reads: new LatencyCounter(), writes: new LatencyCounter() }]),
    ),
    loads: new Map(of.spaces.map((name) => [name, new LatencyCounter()])),
    now: of.now,
  }
}

/** Times a call, whether it fails or not; it answers when the call does, no tick later. */
export function timed<T>(
  { tiers, now }: Latencies,
  { tier, kind }: { readonly tier: string; readonly kind: 'reads' | 'writes' },
  call: () => Promise<T>,
): Promise<T> {
  const counter = tiers.get(tier)?.[kind]
  const from = now()
  const note = (): void => {
    const milliseconds = now() - from
    counter?.note(milliseconds)
    if (heard('tier-called'))
      publish('tier-called', { tier, operation: kind === 'reads' ? 'read' : 'write', milliseconds })
  }
  const called = call()
  called.then(note, note)
  return called
}
