// How many entries there are, each counted once however many tiers hold it, and what the tiers hold: told by one walk
// over the keys, which no body is read for unless marks are about. A walk may take its time, so what it told is used
// again as long as it is true: until this process writes, removes or hears of an invalidation, or an entry has come to
// its end. What other processes do is not heard of, so it is used for a second at most, or for four times as long as it
// took. Whoever asks while a walk is under way waits for the next one: no answer is older than its question but for that.
import { type Engine, assertOpen } from '../engine.ts'
import { type Count, countAll } from './count-all.ts'
import type { CacheCounts } from './operate.ts'

/** How long a count is used without asking what other processes did: so many milliseconds, or times what it took. */
const longestUse = 1_000
const spared = 4

interface Counting extends Count {
  /** What had changed up to when it began. */
  readonly stamp: string
  readonly finishedAt: number
}

interface Counter {
  last?: Counting
  running?: Promise<Counting> | undefined
  /** The walk after the one under way, for those who have asked since. */
  waiting?: Promise<Counting> | undefined
}

const counters = new WeakMap<Engine, Counter>()

/** What this process has changed or heard of. */
function stampOf({ state, memory, order }: Engine): string {
  return `${state.changes} ${memory.changes} ${order.revision} ${order.position().n}`
}

function isTrue(engine: Engine, { stamp, endsAt, finishedAt, counts }: Counting): boolean {
  const now = engine.clock.now()
  const age = now - counts.countedAt
  const took = finishedAt - counts.countedAt
  return stamp === stampOf(engine) && now < endsAt && age >= 0 && age < Math.max(longestUse, spared * took)
}

/** How much there is. @throws E_CACHE_CLOSED */
export async function countEntries(engine: Engine): Promise<CacheCounts> {
  assertOpen(engine)
  let counter = counters.get(engine)
  if (counter === undefined) counters.set(engine, (counter = {}))
  const { last } = counter
  if (last !== undefined && isTrue(engine, last)) return last.counts
  return (await (counter.running === undefined ? run(engine, counter) : runNext(engine, counter))).counts
}

function run(engine: Engine, counter: Counter): Promise<Counting> {
  const count = async (): Promise<Counting> => {
    const stamp = stampOf(engine)
    try {
      const counted = await countAll(engine)
      return (counter.last = { ...counted, stamp, finishedAt: engine.clock.now() })
    } finally {
      counter.running = undefined
    }
  }
  return (counter.running = count())
}

function runNext(engine: Engine, counter: Counter): Promise<Counting> {
  counter.waiting ??= (counter.running as Promise<Counting>)
    .catch(() => undefined)
    .then(() => {
      counter.waiting = undefined
      const { last } = counter
      return last !== undefined && isTrue(engine, last) ? last : run(engine, counter)
    })
  return counter.waiting
}
