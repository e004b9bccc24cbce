import type { Ttl } from '../duration.ts'
import type { Provenance } from '../entry/entry.ts'
import { RepriseError } from '../errors.ts'
import { type LoadContext, notModified } from './loader.ts'

/** What a loader said about its value. */
export interface Said {
  ttl: Ttl | undefined
  tags: readonly string[]
  meta: Provenance
  skip: boolean
}

/** The context that a loader gets, and where it writes down what it says. */
export function createContext(options: {
  readonly key: string
  readonly signal: AbortSignal
  readonly previous: unknown
}): {
  readonly context: LoadContext<unknown>
  readonly said: Said
} {
  const { key, signal, previous } = options
  const said: Said = { ttl: undefined, tags: [], meta: {}, skip: false }
  const context: LoadContext<unknown> = {
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
  }
  return { context, said }
}
