import type { Duration, Ttl } from '../duration.ts'
import type { Provenance } from '../entry/entry.ts'
import type { RefusalReason } from '../events.ts'

declare const notModifiedBrand: unique symbol
/** What `context.notModified()` returns: keep the previous value for another life. */
export interface NotModified {
  readonly [notModifiedBrand]: true
}

/** The one value of NotModified. */
export const notModified = Object.freeze({}) as NotModified

/** What work that a loader leaves running may know and do. */
export interface UpgradeContext<Input> {
  /** Fires when nothing that is offered can be kept any more, its time is over, or the application ends. */
  readonly signal: AbortSignal
  /**
   * A better value for what the load kept, with where it came from. It is kept unless the key was set, deleted or
   * invalidated since, or something fresh of a higher rank is there; resolves with `kept` or why not.
   * @throws E_VALUE_*, E_TIER_READ, E_TIER_WRITE
   */
  readonly offer: (value: Input, meta?: Provenance) => Promise<'kept' | RefusalReason>
}

/** Work that goes on when its loader has returned. */
export type UpgradeWork<Input> = (upgrade: UpgradeContext<Input>) => Promise<unknown>

/** How such work is run. */
export interface UpgradeOptions {
  /** Its name in the background registry. @default made of the key */
  readonly name?: string
  /** After this its signal fires. @default '30s' */
  readonly timeout?: Duration
}

/** What a loader may know and say about the value it makes. */
export interface LoadContext<Value, Input = Value> {
  /** Fires when the last caller has left, the hard limit is over, or the cache closes. */
  readonly signal: AbortSignal
  /** The full key. */
  readonly key: string
  /** The value that expired, for a conditional refresh; never one that was invalidated. */
  readonly previous: Value | undefined
  /** Says that `previous` still holds: `return context.notModified()`. @throws E_NOT_MODIFIED without a previous value */
  readonly notModified: () => NotModified
  /** Sets the TTL of this value instead of the space's. */
  readonly ttl: (ttl: Ttl) => void
  /** Adds tags that only the loader knows. */
  readonly tags: (...tags: readonly string[]) => void
  /** Says where the value came from. */
  readonly meta: (meta: Provenance) => void
  /** The caller gets the value and nothing is kept. */
  readonly skip: () => void
  /**
   * Goes on in the background registry of the cache after the loader has returned, to offer better values (row E2);
   * `race` is made of it. To be called before that. False when the registry takes no more work: nothing was begun.
   */
  readonly upgrade: (work: UpgradeWork<Input>, options?: UpgradeOptions) => boolean
}

/** Makes a value. */
export type Loader<Input, Value = Input> = (
  context: LoadContext<Value, Input>,
) => Input | NotModified | Promise<Input | NotModified>

/** What a batch loader may know and say: a context for each of its items. */
export interface BatchContext<Value, Input = Value> {
  /** Fires when nobody waits for any item of the batch any more. */
  readonly signal: AbortSignal
  /** The full keys of the items, separated by blanks. */
  readonly key: string
  /** Contexts of the items, in the order of the parameters. */
  readonly items: readonly LoadContext<Value, Input>[]
  /** Says where all values came from. */
  readonly meta: (meta: Provenance) => void
  /** As for one value; what is offered are the values of all items, which are kept together or not at all. */
  readonly upgrade: (work: UpgradeWork<readonly Input[]>, options?: UpgradeOptions) => boolean
}

/** Makes the values that are missing, in the order of their parameters; an Error in a place fails that item alone. */
export type BatchLoader<P, Input, Value = Input> = (
  missing: readonly P[],
  context: BatchContext<Value, Input>,
) => readonly (Input | NotModified | Error)[] | Promise<readonly (Input | NotModified | Error)[]>
