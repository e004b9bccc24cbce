/**
 * A model of one log on one core of Redis and those who follow it. Appends arrive at random (Poisson). Redis does one
 * thing after another, in the order of arrival: an append costs `append` and then `deliver` for each follower that
 * waits; a look at the log costs `wake`, and `deliver` for each record that is there already (at most 1,000), or the
 * follower waits. An answer takes `oneWay` to its follower, who spends `followAlone` on its first record and
 * `followPaged` on each further one, and looks again, `oneWay` away, at least `pause` after its last answer. What is left out: other commands of the server,
 * the network's own limits, followers that share cores, and the trimming of the log under those who are behind.
 */

/** What the model works with: microseconds. */
export interface ModelCosts {
  readonly append: number
  readonly wake: number
  readonly deliver: number
  readonly followAlone: number
  readonly followPaged: number
  readonly oneWay: number
  /** Least time from one look of a follower to its next; the engine's follower has none. */
  readonly pause: number
}

/** What came out: shares of a core, and the delay from an append's arrival to its effect in a follower, in milliseconds. */
export interface ModelOutcome {
  readonly redis: number
  readonly follower: number
  readonly p50: number
  readonly p99: number
  /** Records in one answer, on average. */
  readonly page: number
  /** Whether more came than could be done: delays grow without end then. */
  readonly overloaded: boolean
}

const page = 1_000

/** A queue of events in the order of their times. */
function createAgenda(): {
  push(at: number, who: number): void
  pop(): readonly [number, number] | undefined
} {
  const heap: [number, number][] = []
  const swap = (a: number, b: number): void => {
    ;[heap[a], heap[b]] = [heap[b] as [number, number], heap[a] as [number, number]]
  }
  const before = (a: number, b: number): boolean => (heap[a]?.[0] ?? Infinity) < (heap[b]?.[0] ?? Infinity)
  return {
    push(at, who) {
      let place = heap.push([at, who]) - 1
      while (place > 0 && before(place, (place - 1) >> 1)) {
        swap(place, (place - 1) >> 1)
        place = (place - 1) >> 1
      }
    },
    pop() {
      const first = heap[0]
      const last = heap.pop()
      if (first === undefined || last === undefined) return undefined
      if (heap.length === 0) return first
      heap[0] = last
      for (let place = 0; ;) {
        const child = before(2 * place + 2, 2 * place + 1) ? 2 * place + 2 : 2 * place + 1
        if (!before(child, place)) return first
        swap(child, place)
        place = child
      }
    },
  }
}

/** Runs so many records a second past so many followers, for so many simulated seconds. */
export function modelLog(
  costs: ModelCosts,
  {
    followers,
    rate,
    seconds,
  }: { readonly followers: number; readonly rate: number; readonly seconds: number },
): ModelOutcome {
  let seed = 42
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647
  const end = seconds * 1e6
  const every = Math.max(1, Math.floor((rate * seconds * followers) / 200_000))
  const agenda = createAgenda()
  const arrived: number[] = []
  const delays: number[] = []
  /** The last record each follower has been given. */
  const given = new Float64Array(followers)
  /** When each follower was last answered. */
  const looked = new Float64Array(followers)
  const waiting: number[] = []
  let written = 0
  let free = 0
  let busy = 0
  let spent = 0
  let answers = 0
  let delivered = 0
  const writer = -1
  const next = (after: number): void => agenda.push(after - (Math.log(1 - random()) / rate) * 1e6, writer)

  const answer = (who: number, at: number): void => {
    const from = given[who] as number
    const upTo = Math.min(written, from + page)
    const count = upTo - from
    given[who] = upTo
    looked[who] = at
    const work = costs.followAlone + (count - 1) * costs.followPaged
    const done = at + costs.oneWay + work
    for (let n = Math.ceil((from + 1) / every) * every; n <= upTo; n += every)
      delays.push((done - (arrived[n - 1] as number)) / 1_000)
    if (who === 0) spent += work
    answers += 1
    delivered += count
    agenda.push(Math.max(done, looked[who] + costs.pause) + costs.oneWay, who)
  }

  for (let who = 0; who < followers; who += 1) agenda.push(random() * 1_000, who)
  next(0)
  for (let event = agenda.pop(); event !== undefined && event[0] < end; event = agenda.pop()) {
    const [at, who] = event
    const began = Math.max(at, free)
    if (who === writer) {
      free = began + costs.append
      arrived.push(at)
      written += 1
      for (const one of waiting.splice(0)) {
        free += costs.deliver
        answer(one, free)
      }
      next(at)
    } else {
      const ready = Math.min(page, written - (given[who] as number))
      free = began + costs.wake + ready * costs.deliver
      if (ready > 0) answer(who, free)
      else waiting.push(who)
    }
    busy += free - began
  }
  const sorted = delays.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN
  const behind = written - Math.min(...given)
  return {
    redis: busy / end,
    follower: spent / end,
    p50: at(0.5),
    p99: at(0.99),
    page: delivered / answers,
    overloaded: free > end + 1e5 || behind > Math.max(2_000, rate * 0.2),
  }
}
