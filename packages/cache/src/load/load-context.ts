import { RepriseError } from '../errors.ts'
import { type LoadContext, notModified } from './loader.ts'
import type { Said } from './said.ts'
import type { Upgrading } from './upgrading.ts'

/** How the engine opens the key of a load for better values: the loader of a batch does so for all of its items. */
export const opening: unique symbol = Symbol('opening')

/** A loader's context as the engine makes it. */
export interface OwnContext extends LoadContext<unknown> {
  readonly [opening]: () => Upgrading
}

/** The context that a loader gets, and where it writes down what it says. */
export function createContext(options: {
  readonly key: string
  readonly signal: AbortSignal
  readonly previous: unknown
  /** Opens the key for better values. */
  readonly open: (said: Said) => Upgrading
  /** Runs work that offers them. */
  readonly leave: (upgrading: Upgrading, ...given: Parameters<LoadContext<unknown>['upgrade']>) => boolean
}): {
  readonly context: OwnContext
  readonly said: Said
} {
  const { key, signal, previous, open, leave } = options
  const said: Said = { ttl: undefined, tags: [], meta: {}, skip: false }
  const context: OwnContext = {
    key,
    signal,
    previous,
    notModified() {
      if (previous === undefined) {
        throw new RepriseError(
          'E_NOT_MODIFIED',
          `the loader of "${key}" answered notModified() without a previous value; check context.previous first`,
        )
      }
      return notModified
    },
    ttl(ttl) {
      if (ttl === undefined || ttl === null) {
        throw new RepriseError(
          'E_TTL_INVALID',
          `the loader of "${key}" said that the ttl is ${String(ttl)}; do not call ttl() to use the space's`,
        )
      }
      said.ttl = ttl
    },
    tags: (...tags) => void (said.tags = [...said.tags, ...tags]),
    meta: (meta) => void (said.meta = { ...said.meta, ...meta }),
    skip: () => void (said.skip = true),
    upgrade: (work, how) => leave(open(said), work, how),
    [opening]: () => open(said),
  }
  return { context, said }
}
