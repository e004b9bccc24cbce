import { type Channel, channel } from 'node:diagnostics_channel'
import type { Provenance } from './entry/entry.ts'

interface KeyEvent {
  readonly space: string
  readonly key: string
}

/**
 * Why a value was not kept. `outranked`: what is there is fresh and of a higher rank; `superseded`: something else was
 * stored there since, or nothing is there any more to be upgraded.
 */
export type RefusalReason =
  | 'invalidated'
  | 'not-admitted'
  | 'skipped'
  | 'no-life'
  | 'superseded'
  | 'outranked'

/** What each event carries. Times are milliseconds. Published on the diagnostics channel `reprise:<name>`, synchronously, in the async context of the step. */
export interface Events {
  /** A read has its answer. `miss`: nothing was there, or the value was loaded now; `shared`: by a load that another read had started. */
  'entry-read': KeyEvent & {
    readonly outcome: 'hit' | 'stale' | 'miss'
    /** The tier that answered; absent on a miss. */
    readonly tier?: string
    readonly shared: boolean
    readonly milliseconds: number
    readonly meta?: Provenance
  }
  'entry-copied-up': KeyEvent & { readonly from: string }
  'entry-stored': KeyEvent & { readonly tier: string; readonly bytes: number }
  /** A loaded value was not kept, and why. */
  'entry-refused': KeyEvent & {
    readonly reason: RefusalReason
    readonly meta?: Provenance
  }
  /** A better value that a load had left running took the place of an entry. */
  'entry-upgraded': KeyEvent & {
    /** Of the entry that it replaced. */
    readonly from: Provenance
    readonly to: Provenance
    /** From the start of the load. */
    readonly milliseconds: number
  }
  /** A value that a load had left running was not kept, and why. */
  'upgrade-refused': KeyEvent & { readonly reason: RefusalReason; readonly meta: Provenance }
  'entry-evicted': KeyEvent & { readonly bytes: number }
  /** A stored value could not be read back and counts as a miss. */
  'entry-unreadable': KeyEvent & { readonly tier: string; readonly reason: string }
  'load-started': KeyEvent & {
    readonly reason: 'miss' | 'stale' | 'refresh-ahead' | 'early-refresh' | 'forced'
    readonly previous: boolean
  }
  'load-finished': KeyEvent & { readonly milliseconds: number; readonly meta: Provenance }
  'loader-failed': KeyEvent & {
    readonly error: unknown
    readonly milliseconds: number
    readonly attempts: number
  }
  'load-aborted': KeyEvent & { readonly reason: 'abandoned' | 'hard-limit' | 'closed' }
  /** A load under way was cut off from its key by a write or an invalidation: its value will not be kept. */
  'load-detached': KeyEvent
  /** Another process loads the key; asked again when it is done, and after at most a short while. */
  'lease-waited': KeyEvent & { readonly left: number }
  /** The lease of a load was lost or taken: its value stays out of the shared store. */
  'lease-lost': KeyEvent
  /** A failing loader was left alone. */
  'load-held-back': KeyEvent & { readonly until: number }
  'soft-limit-passed': KeyEvent
  /** A strategy of a race ended; `lost`: it was ended since it could not improve anything any more, or ran out of time. */
  'strategy-ended': {
    readonly race: string
    readonly strategy: string
    readonly rank: number
    readonly outcome: 'valid' | 'invalid' | 'failed' | 'lost'
    readonly milliseconds: number
    readonly meta: Provenance
    readonly error?: unknown
  }
  /** The first valid answer of a race; `running` go on in the background. */
  'race-answered': {
    readonly race: string
    readonly meta: Provenance
    readonly milliseconds: number
    readonly running: readonly string[]
  }
  'background-started': { readonly task: string }
  'background-ended': {
    readonly task: string
    readonly outcome: 'finished' | 'failed' | 'timed-out' | 'cancelled'
    readonly milliseconds: number
    readonly error?: unknown
  }
  'background-refused': { readonly task: string; readonly reason: 'full' | 'shut-down' }
  invalidated: { readonly keys: readonly string[]; readonly marks: readonly string[]; readonly n: number }
  /** A tier below memory was read or written, or failed to be. Not told: removals, and the log of a shared store. */
  'tier-called': {
    readonly tier: string
    readonly operation: 'read' | 'write'
    readonly milliseconds: number
  }
  'tier-failed': {
    readonly tier: string
    readonly operation: 'read' | 'write' | 'remove' | 'sweep' | 'list' | 'follow'
    readonly error: unknown
  }
  /** The log could not be followed from where this process stood; everything in memory was dropped. */
  'log-rejoined': { readonly era: string; readonly n: number }
  'entries-expired': { readonly tier: string; readonly count: number }
}

/** The name of an event. */
export type EventName = keyof Events

const names: readonly EventName[] = [
  'entry-read',
  'entry-copied-up',
  'entry-stored',
  'entry-refused',
  'entry-upgraded',
  'upgrade-refused',
  'entry-evicted',
  'entry-unreadable',
  'load-started',
  'load-finished',
  'loader-failed',
  'load-aborted',
  'load-detached',
  'lease-waited',
  'lease-lost',
  'load-held-back',
  'soft-limit-passed',
  'strategy-ended',
  'race-answered',
  'background-started',
  'background-ended',
  'background-refused',
  'invalidated',
  'tier-called',
  'tier-failed',
  'log-rejoined',
  'entries-expired',
]

const channels = Object.fromEntries(names.map((name) => [name, channel(`reprise:${name}`)])) as Record<
  EventName,
  Channel
>

/** Whether anybody listens; nothing is built for an event that nobody listens to. */
export function heard(name: EventName): boolean {
  return channels[name].hasSubscribers
}

/** Publishes an event to its listeners. */
export function publish<Name extends EventName>(name: Name, event: Events[Name]): void {
  if (channels[name].hasSubscribers) channels[name].publish(event)
}

/** Listens to one event of every cache in the process; returns what stops it. A listener that throws causes a process warning and nothing else. */
export function onEvent<Name extends EventName>(
  name: Name,
  listener: (event: Events[Name]) => void,
): () => void {
  const receive = (event: unknown): void => {
    try {
      listener(event as Events[Name])
    } catch (error) {
      // A diagnostics channel would end the process.
      process.emitWarning(
        `a listener of the event "${name}" threw: ${error instanceof Error ? error.message : String(error)}`,
      )
    }
  }
  channels[name].subscribe(receive)
  return () => {
    channels[name].unsubscribe(receive)
  }
}

/** Listens to every event; returns what stops it. */
export function onEveryEvent(listener: (name: EventName, event: Events[EventName]) => void): () => void {
  const stops = names.map((name) => onEvent(name, (event) => listener(name, event)))
  return () => stops.forEach((stop) => stop())
}
