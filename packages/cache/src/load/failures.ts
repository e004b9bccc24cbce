import type { Clock, Random } from '../clock.ts'
import type { BoundSpace } from '../key/catalog.ts'
import { RepriseError } from '../errors.ts'

/** A failure that keeps a loader from being called for a while. */
export interface Failure {
  readonly error: unknown
  readonly attempts: number
  /** Until when, milliseconds since 1970. */
  readonly until: number
}

/** Failures by key, the newest 10 000. */
export interface Failures {
  /** The failure that holds a load of this key back now. */
  holding(key: string): Failure | undefined
  /** Remembers a failure; the wait doubles with each in a row, and `Retry-After` rules where the error carries it. */
  record(space: BoundSpace, key: string, error: unknown): Failure
  forget(key: string): void
}

const mostKept = 10_000
/** The longest wait that an error may ask for. */
const longestAsked = 3_600_000

/** An empty memory of failures. */
export function createFailures(clock: Clock, random: Random): Failures {
  const failures = new Map<string, Failure>()
  return {
    holding(key) {
      const failure = failures.get(key)
      return failure !== undefined && clock.now() < failure.until ? failure : undefined
    },
    record(space, key, error) {
      const attempts = (failures.get(key)?.attempts ?? 0) + 1
      const { backoff } = space.settings
      let wait = 0
      if (backoff !== undefined) {
        const doubled = Math.min(backoff.base * 2 ** Math.min(attempts - 1, 30), backoff.max)
        // Half of the wait is drawn, so that many processes do not come back together.
        wait = Math.max(
          Math.min(retryAfter(error, clock.now()) ?? 0, longestAsked),
          doubled * (0.5 + random() / 2),
        )
      }
      const failure = { error, attempts, until: clock.now() + wait }
      failures.delete(key)
      if (backoff !== undefined) failures.set(key, failure)
      if (failures.size > mostKept) failures.delete(failures.keys().next().value as string)
      return failure
    },
    forget: (key) => void failures.delete(key),
  }
}

function member(object: unknown, name: string): unknown {
  if (typeof object !== 'object' || object === null) return undefined
  if (object instanceof Headers) return object.get(name)
  const own = Object.keys(object).find((key) => key.toLowerCase() === name.toLowerCase())
  return Reflect.get(object, own ?? name)
}

/**
 * Milliseconds that an error asks to wait: `retryAfterMs`, `retryAfter` in seconds (milliseconds of a RepriseError),
 * or a `Retry-After` header (RFC 9110 10.2.3, seconds or a date) in `headers`, `responseHeaders` or `response.headers`.
 */
export function retryAfter(error: unknown, now: number): number | undefined {
  const milliseconds = RepriseError.is(error) ? error.retryAfter : member(error, 'retryAfterMs')
  if (typeof milliseconds === 'number' && milliseconds > 0) return milliseconds
  if (RepriseError.is(error)) return undefined
  const carriers = ['headers', 'responseHeaders'].map((name) => member(error, name))
  const headers = [...carriers, member(member(error, 'response'), 'headers')]
  const said = [member(error, 'retryAfter'), ...headers.map((one) => member(one, 'retry-after'))].find(
    (value) => value !== undefined && value !== null,
  )
  if (typeof said !== 'string' && typeof said !== 'number') return undefined
  const seconds = Number(said)
  const wait = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(String(said)) - now
  return wait > 0 ? wait : undefined
}
