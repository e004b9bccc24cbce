import type { Ttl } from '../duration.ts'
import type { Provenance } from '../entry/entry.ts'

declare const notModifiedBrand: unique symbol
/** What `context.notModified()` returns: keep the previous value for another life. */
export interface NotModified {
  readonly [notModifiedBrand]: true
}

/** The one value of NotModified. */
export const notModified = Object.freeze({}) as NotModified

/** What a loader may know and say about the value it makes. */
export interface LoadContext<Value> {
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
}

/** Makes a value. */
export type Loader<Input, Value = Input> = (
  context: LoadContext<Value>,
) => Input | NotModified | Promise<Input | NotModified>

/** What a batch loader may know and say: a context for each of its items. */
export interface BatchContext<Value> {
  /** Fires when nobody waits for any item of the batch any more. */
  readonly signal: AbortSignal
  /** Contexts of the items, in the order of the parameters. */
  readonly items: readonly LoadContext<Value>[]
}

/** Makes the values that are missing, in the order of their parameters; an Error in a place fails that item alone. */
export type BatchLoader<P, Input, Value = Input> = (
  missing: readonly P[],
  context: BatchContext<Value>,
) => readonly (Input | NotModified | Error)[] | Promise<readonly (Input | NotModified | Error)[]>
