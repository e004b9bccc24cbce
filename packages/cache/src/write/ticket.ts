import type { Position } from '../entry/entry.ts'

/**
 * Work under way on a key: a load, a copy-up, a write. Whatever changes the key meanwhile breaks the ticket,
 * and what holds a broken ticket must not put its value anywhere. This is the in-process half of the lease.
 */
export interface Ticket {
  readonly key: string
  /** `write` for a value that a caller gives, `read` for one that is read or loaded, `upgrade` for better ones that a load left running. */
  readonly kind: 'read' | 'write' | 'upgrade'
  /** Its place among all tickets, in the order in which they were taken. */
  readonly order: number
  broken: boolean
  /** Whether its value is in memory. */
  put: boolean
  /** Where the log stood when the work began, once that is known: records up to there do not break it. */
  asOf: Position | undefined
  /** Called once, when the ticket is broken. */
  onBreak: (() => void) | undefined
  /** The ticket of this key that was taken before. */
  next: Ticket | undefined
}

/** The tickets of all keys with work under way. */
export interface Tickets {
  take(key: string, kind?: Ticket['kind']): Ticket
  release(ticket: Ticket): void
  /** Breaks every ticket of a key. */
  breakAll(key: string): void
  /**
   * Breaks what a value that goes into memory under this ticket overrules: reads and loads, writes that were called
   * before, and upgrades where it is written; those of loads go by rank.
   */
  overrule(ticket: Ticket): void
  /** Breaks the tickets of reads and loads of a key that a record of the log is newer than; those of upgrades where it says that the line of values has ended. */
  breakOlder(key: string, record: Position, options?: { readonly sameLine?: boolean }): void
  /** Breaks every ticket but those of writes. */
  breakEverything(): void
  /** Breaks the upgrades of a key. */
  breakUpgrades(key: string): void
  /** Whether a value is in memory whose way to the tiers below has not ended: what those have may be older. */
  busy(key: string): boolean
  /** Breaks the tickets of reads and loads of a key, except one; false when an unbroken write has put its value in memory. */
  breakReads(key: string, except?: Ticket): boolean
  /** How many are held; 0 when nothing is under way. */
  readonly held: number
}

/** An empty set of tickets. */
export function createTickets(): Tickets {
  /** The newest of each key; nearly always the only one. */
  const byKey = new Map<string, Ticket>()
  let held = 0
  let taken = 0
  const breakOne = (ticket: Ticket): void => {
    if (ticket.broken) return
    ticket.broken = true
    ticket.onBreak?.()
  }
  const each = (key: string, work: (ticket: Ticket) => void): void => {
    let ticket = byKey.get(key)
    while (ticket !== undefined) {
      const { next }: Ticket = ticket
      work(ticket)
      ticket = next
    }
  }
  return {
    take(key, kind = 'read') {
      const next = byKey.get(key)
      // All fields at once: objects that gain fields later are slower to make and to read.
      const ticket: Ticket = {
        key,
        kind,
        order: (taken += 1),
        broken: false,
        put: false,
        asOf: undefined,
        onBreak: undefined,
        next,
      }
      byKey.set(key, ticket)
      held += 1
      return ticket
    },
    release(ticket) {
      const { key, next } = ticket
      let before = byKey.get(key)
      if (before === ticket) {
        if (next === undefined) byKey.delete(key)
        else byKey.set(key, next)
      } else {
        while (before !== undefined && before.next !== ticket) before = before.next
        if (before === undefined) return
        before.next = next
      }
      held -= 1
    },
    breakAll: (key) => each(key, breakOne),
    overrule(winner) {
      each(winner.key, (ticket) => {
        if (ticket === winner) return
        const overruled =
          ticket.kind === 'read' ||
          (ticket.kind === 'write' ? ticket.order < winner.order : winner.kind === 'write')
        if (overruled) breakOne(ticket)
      })
      winner.put = true
    },
    breakOlder(key, { era, n }, { sameLine = false } = {}) {
      each(key, (ticket) => {
        const newer = ticket.asOf !== undefined && ticket.asOf.era === era && ticket.asOf.n >= n
        if (!newer && (ticket.kind === 'read' || (ticket.kind === 'upgrade' && !sameLine))) breakOne(ticket)
      })
    },
    breakEverything() {
      for (const key of byKey.keys()) {
        each(key, (ticket) => {
          if (ticket.kind !== 'write') breakOne(ticket)
        })
      }
    },
    breakUpgrades(key) {
      each(key, (ticket) => {
        if (ticket.kind === 'upgrade') breakOne(ticket)
      })
    },
    busy(key) {
      for (let ticket = byKey.get(key); ticket !== undefined; ticket = ticket.next)
        if (ticket.put && !ticket.broken) return true
      return false
    },
    breakReads(key, except) {
      let writing = false
      each(key, (ticket) => {
        if (ticket === except) return
        if (ticket.kind === 'read') breakOne(ticket)
        else if (ticket.kind === 'write' && !ticket.broken && ticket.put) writing = true
      })
      return !writing
    },
    get held() {
      return held
    },
  }
}
