import { type Engine, lives } from '../engine.ts'
import type { MemoryRecord } from '../memory/memory.ts'
import type { FoundEntry, Give, Target } from './revive.ts'
import type { Ticket } from '../write/ticket.ts'

/**
 * A read that goes below memory: what waits for the answer of a store, from the ticket that is taken before to the
 * value that is given. A class, since a dozen closures for each of 200 000 reads a second would be felt.
 */
export class BelowRead<T> {
  readonly engine: Engine
  readonly target: Target
  readonly ticket: Ticket
  /** What memory has that is not fresh. */
  readonly record: MemoryRecord | undefined
  readonly give: Give<T>

  constructor(
    engine: Engine,
    target: Target,
    { record, give }: { readonly record: MemoryRecord | undefined; readonly give: Give<T> },
  ) {
    this.engine = engine
    this.target = target
    this.record = record
    this.give = give
    this.ticket = engine.tickets.take(target.key)
  }

  /** Gives what was found below, else what memory has and still lives; `away` is why the shared store could not be asked. */
  finish(below: FoundEntry | undefined, away?: unknown): T {
    const { engine, ticket, record, give } = this
    engine.tickets.release(ticket)
    if (below !== undefined) return give(below, away)
    const kept = record !== undefined && !ticket.broken && lives(engine, record)
    return give(kept ? { entry: record.entry, tier: 'memory' } : undefined, away)
  }
}
