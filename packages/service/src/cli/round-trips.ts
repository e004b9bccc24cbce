/** How long one thing took, many times over; milliseconds. */
export interface RoundTrips {
  readonly what: string
  readonly times: number
  readonly median: number
  readonly p99: number
  readonly longest: number
}

/** Does something many times, one after the other, and times each. What was done before the first is not counted. */
export async function timeRoundTrips(
  what: string,
  work: () => Promise<unknown>,
  options: { readonly times: number; readonly now: () => number; readonly signal: AbortSignal },
): Promise<RoundTrips> {
  const { times, now, signal } = options
  const warm = Math.min(20, times)
  for (let count = 0; count < warm; count += 1) await work()
  const taken: number[] = []
  for (let count = 0; count < times && !signal.aborted; count += 1) {
    const began = now()
    await work()
    taken.push(now() - began)
  }
  taken.sort((a, b) => a - b)
  const at = (share: number): number =>
    taken[Math.min(taken.length - 1, Math.floor(taken.length * share))] ?? 0
  return { what, times: taken.length, median: at(0.5), p99: at(0.99), longest: taken.at(-1) ?? 0 }
}
