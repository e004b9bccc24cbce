/**
 * The follower keeps this process level with the log of its catalog. It applies records strictly in their order:
 * only it moves the cursor, and only from n to n + 1 in one era. Whoever reads the shared store brings along the
 * head of the log; when that is ahead of the cursor, the missing records are fetched and applied before what was
 * read is judged. When records are missing for good, or the era has changed, everything in memory is distrusted.
 * It does not promise that a lost connection is noticed at once: `confirmedFor` tells how long ago it was certain.
 */
import type { Clock, Timer } from '../clock.ts'
import type { Position } from '../entry/entry.ts'
import type { Order } from './order.ts'
import type { LogRecord, Shared, SharedHead } from '../cluster/shared.ts'

/** What the follower does to the rest of the engine. */
export interface FollowerEffects {
  /** Applies one record to memory, flights and marks. */
  apply(record: LogRecord, era: string): void
  /** Drops memory and cuts off everything under way: nothing of it can be trusted any more. */
  distrust(): void
  /** Told about each failure to reach the log. */
  failed(error: unknown): void
}

/** Keeps a process level with its log. */
export interface Follower {
  /**
   * Resolves when every record up to this head has been applied, or everything older was dropped; undefined where
   * that is so already. @throws E_TIER_READ
   */
  reach(head: SharedHead): Promise<void> | undefined
  /**
   * Says that a record of this very process is being applied, so that meeting it in the log changes nothing. In
   * another era than this process knows, everything older is dropped first. @throws E_TIER_READ
   */
  own(position: Position): Promise<void>
  /** Milliseconds since the log was last known to be fully applied; Infinity before that. */
  confirmedFor(): number
  /** Records that the last head was ahead of the cursor. */
  lag(): number
  stop(): Promise<void>
}

/** Waits this long for the first record; a head is read at least so often. */
const blockFor = 1_000
const retryAfter = 250

/** Time that has passed by whichever clock saw more of it: one may stand still while a machine sleeps. */
function createElapsed(clock: Clock): {
  mark(): { wall: number; steady: number }
  since(mark: { wall: number; steady: number }): number
} {
  const steady = (): number => clock.monotonic?.() ?? clock.now()
  return {
    mark: () => ({ wall: clock.now(), steady: steady() }),
    since: (mark) => Math.max(clock.now() - mark.wall, steady() - mark.steady),
  }
}

/** Starts to follow from where the order stands. */
export function startFollower(options: {
  readonly shared: Shared
  readonly order: Order
  readonly clock: Clock
  readonly effects: FollowerEffects
}): Follower {
  const { shared, order, clock, effects } = options
  const elapsed = createElapsed(clock)
  const own = new Set<number>()
  let confirmed: ReturnType<typeof elapsed.mark> | undefined = elapsed.mark()
  let behind = 0
  let stopped = false
  let pause: { readonly timer: Timer; end(): void } | undefined
  let joining: Promise<void> | undefined
  let turn: Promise<void> = Promise.resolve()
  /** Where the look that waits for records stands: when the log has begun anew below it, it waits in vain. */
  let waiting: Position | undefined

  function take(records: readonly LogRecord[], era: string): boolean {
    for (const record of records) {
      const cursor = order.position()
      if (era !== cursor.era) return false
      if (record.n <= cursor.n) continue
      if (record.n !== cursor.n + 1) return false
      if (!own.delete(record.n)) effects.apply(record, era)
      order.mark(record.n, record.marks)
      if (shared.scattered === true) order.recall(record)
      order.advance({ era, n: record.n })
    }
    return true
  }

  /** Starts anew from what the log says now; everything from before is distrusted. One at a time. */
  function rejoin(): Promise<void> {
    joining ??= (async () => {
      try {
        const head = await shared.join()
        own.clear()
        order.reset(head)
        effects.distrust()
      } finally {
        joining = undefined
      }
    })()
    return joining
  }

  /** One look at the log at a time: a second one would wait behind the first on the same connection anyway. */
  function fetch(wait: number, enough: () => boolean = () => false): Promise<void> {
    turn = turn.catch(() => {}).then(async () => (enough() ? undefined : look(wait)))
    return turn
  }

  async function look(wait: number): Promise<void> {
    const sentAt = elapsed.mark()
    const from = order.position()
    if (wait > 0) waiting = from
    const { head, records, gap } = await shared.next(from, wait).finally(() => (waiting = undefined))
    if (gap || !take(records, head.era) || head.era !== order.position().era) await rejoin()
    behind = Math.max(0, head.n - order.position().n)
    order.raiseFloor(head.floor)
    if (behind === 0) confirmed = sentAt
  }

  async function changeEra(head: SharedHead): Promise<void> {
    await rejoin()
    // The join may have been under way before this head was read.
    if (order.position().era !== head.era) await rejoin()
  }

  async function catchUp(head: SharedHead): Promise<void> {
    const level = (): boolean => order.position().era !== head.era || order.position().n >= head.n
    // A look that waits for records ends as soon as there is one, and there is. One look gives one page.
    while (!level()) {
      if (waiting !== undefined && waiting.era !== head.era) return rejoin()
      const { n } = order.position()
      await fetch(0, level)
      if (!level() && order.position().n === n) return rejoin()
    }
  }

  async function follow(): Promise<void> {
    while (!stopped) {
      try {
        await fetch(blockFor)
      } catch (error) {
        if (stopped) return
        effects.failed(error)
        await new Promise<void>((resolve) => {
          pause = { timer: clock.setTimeout(resolve, retryAfter, { background: true }), end: resolve }
        })
      }
    }
  }
  const following = follow()

  return {
    reach(head) {
      const cursor = order.position()
      if (head.era !== cursor.era) return changeEra(head)
      // A head may be older than what was applied meanwhile; in one era that says nothing.
      if (head.n < cursor.n) return undefined
      order.raiseFloor(head.floor)
      return head.n === cursor.n ? undefined : catchUp(head)
    },
    async own({ era, n }) {
      if (era !== order.position().era) await rejoin()
      else if (n > order.position().n) own.add(n)
    },
    confirmedFor: () => (confirmed === undefined ? Infinity : elapsed.since(confirmed)),
    lag: () => behind,
    async stop() {
      stopped = true
      pause?.timer.cancel()
      pause?.end()
      await following
    },
  }
}
