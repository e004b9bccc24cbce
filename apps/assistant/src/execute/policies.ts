import {
  ConsecutiveBreaker,
  ExponentialBackoff,
  type IPolicy,
  circuitBreaker,
  handleWhen,
  isBrokenCircuitError,
  retry,
  wrap,
} from 'cockatiel'
import type { FunctionDefinition } from '../catalog/function.ts'
import { CallError } from './call-error.ts'

/** When calls are tried again and when a service is left alone; milliseconds. */
export interface PolicySettings {
  /** The pause before the first retry; it doubles, with jitter, up to `longestPause`. @default 1000 */
  readonly firstPause?: number
  /** @default 60000 */
  readonly longestPause?: number
  /** Failures in a row after which a function is left alone. @default 5 */
  readonly failures?: number
  /** For how long. @default 60000 */
  readonly rest?: number
}

/** Runs the attempts of a call. */
export type RunAttempts = <T>(attempt: () => Promise<T>, signal?: AbortSignal) => Promise<T>

/**
 * The policies of a process's functions: each has a breaker of its own, and only a function whose calls may be repeated
 * is tried again. What the caller did wrong is neither repeated nor counted.
 */
export function createPolicies(
  settings: PolicySettings = {},
): (definition: FunctionDefinition) => RunAttempts {
  const { firstPause = 1_000, longestPause = 60_000, failures = 5, rest = 60_000 } = settings
  const isPassing = handleWhen((error) => error instanceof CallError && error.passing)
  const known = new Map<string, IPolicy>()

  function policyOf({
    function_name: name,
    retry_count: attempts,
    is_idempotent,
  }: FunctionDefinition): IPolicy {
    const id = `${name} ${is_idempotent ? attempts : 0}`
    const found = known.get(id)
    if (found !== undefined) return found
    const breaker = circuitBreaker(isPassing, {
      halfOpenAfter: rest,
      breaker: new ConsecutiveBreaker(failures),
    })
    const again = retry(isPassing, {
      maxAttempts: attempts,
      backoff: new ExponentialBackoff({ initialDelay: firstPause, maxDelay: longestPause }),
    })
    const policy = is_idempotent && attempts > 0 ? wrap(again, breaker) : breaker
    known.set(id, policy)
    return policy
  }

  return (definition) => async (attempt, signal) => {
    try {
      return await policyOf(definition).execute(attempt, signal)
    } catch (error) {
      if (!isBrokenCircuitError(error)) throw error
      const message = `${definition.function_name} failed ${failures} times in a row and is left alone for ${rest} ms`
      throw new CallError('LEFT_ALONE', message, error)
    }
  }
}
