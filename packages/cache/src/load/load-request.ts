import type { Entry } from '../entry/entry.ts'
import type { Events } from '../events.ts'
import type { Loader } from './loader.ts'
import type { Target } from '../read/revive.ts'

/** What a load is asked for. */
export interface LoadRequest extends Target {
  readonly reason: Events['load-started']['reason']
  /** What memory has, expired or about to. */
  readonly previous: Entry | undefined
  readonly run: Loader<unknown, unknown>
  /** Why the shared store could not be asked a moment ago: then the load goes on without it. */
  readonly away?: unknown
  /** Called once when the flight is over, whether or not `run` was called. */
  readonly onOver?: () => void
}
