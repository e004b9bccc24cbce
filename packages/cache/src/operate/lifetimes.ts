import { type Ages, countAge, createAges } from './ages.ts'
import type { Windows } from '../entry/entry.ts'

/** How an entry left memory: its life was over, there was no room, or another value or nothing came in its place before. */
export type Departure = 'expired' | 'evicted' | 'replaced' | 'removed'

/** What is looked at of a record that leaves memory. */
export interface Departing {
  readonly space: { readonly name: string; readonly settings: Windows & { readonly refreshAhead: number } }
  readonly entry: { readonly createdAt: number; readonly freshUntil: number }
  readonly hits: number
  /** 0 when it was never read. */
  readonly lastReadAt: number
}

/** How entries of one space lived. Counts, of which older ones weigh less. Ages are of the value, since it was made. */
export interface Lifetimes {
  entries: number
  /** Entries that nobody read again after the read that loaded them. */
  unread: number
  readonly left: Record<Departure, number>
  /** Those that had still been in use. */
  readonly inUse: Record<Departure, number>
  /** Ages at the last hit of entries that had come out of use before they left. */
  readonly stopped: Ages
  /** Ages at the last hit of entries that had still been in use. */
  readonly lastUses: Ages
  /** Their ages when they left. */
  readonly cut: Ages
  /** Fresh lives that the entries were given. */
  readonly given: Ages
}

/** Entries of a space after which all counts are halved, so that advice follows what is read today. */
const most = 16_384
/** Out of use: idle for so many times the mean time between its reads. Reads that come by chance pause that long once in 20 times. */
const pauses = 3

/** How entries of each space lived, told when they leave memory. Fixed space: 5 KB for each space of which something left. */
export class LifetimeLog {
  readonly #spaces = new Map<string, Lifetimes>()

  /** What is known of a space; undefined when nothing of it has left memory. */
  of(space: string): Readonly<Lifetimes> | undefined {
    return this.#spaces.get(space)
  }

  /** Counts a record that leaves memory now, in milliseconds since 1970. */
  leave(record: Departing, why: Exclude<Departure, 'expired'>, now: number): void {
    const { space, hits, lastReadAt } = record
    const { createdAt, freshUntil } = record.entry
    const life = freshUntil - createdAt
    // A document of another program does not tell when it was made.
    if (!(life > 0) || createdAt <= 0) return
    const lifetimes = this.#make(space.name)
    const age = Math.max(0, Math.min(now - createdAt, life))
    const refreshed = life === Infinity ? 0 : Math.min(space.settings.refreshAhead, life / 2)
    // Whatever takes it away once it is over, or due for its refresh: it was its TTL that ended it.
    const departure = age >= life - refreshed ? 'expired' : why
    lifetimes.entries += 1
    lifetimes.left[departure] += 1
    countAge(lifetimes.given, life)
    if (lastReadAt === 0) {
      lifetimes.unread += 1
    } else {
      const lastUse = Math.max(0, lastReadAt - createdAt)
      if (age - lastUse >= (pauses * lastUse) / Math.max(1, hits)) {
        countAge(lifetimes.stopped, lastUse)
      } else {
        lifetimes.inUse[departure] += 1
        countAge(lifetimes.lastUses, lastUse)
        countAge(lifetimes.cut, age)
      }
    }
    if (lifetimes.entries >= most) halve(lifetimes)
  }

  #make(space: string): Lifetimes {
    let lifetimes = this.#spaces.get(space)
    if (lifetimes === undefined) {
      lifetimes = {
        entries: 0,
        unread: 0,
        left: { expired: 0, evicted: 0, replaced: 0, removed: 0 },
        inUse: { expired: 0, evicted: 0, replaced: 0, removed: 0 },
        stopped: createAges(),
        lastUses: createAges(),
        cut: createAges(),
        given: createAges(),
      }
      this.#spaces.set(space, lifetimes)
    }
    return lifetimes
  }
}

function halve(lifetimes: Lifetimes): void {
  lifetimes.entries /= 2
  lifetimes.unread /= 2
  for (const counts of [lifetimes.left, lifetimes.inUse])
    for (const departure of Object.keys(counts) as Departure[]) counts[departure] /= 2
  for (const ages of [lifetimes.stopped, lifetimes.lastUses, lifetimes.cut, lifetimes.given])
    ages.forEach((count, bucket) => (ages[bucket] = count / 2))
}
