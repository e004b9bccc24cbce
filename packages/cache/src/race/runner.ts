import type { Clock } from '../clock.ts'
import type { Provenance } from '../entry/entry.ts'
import { RepriseError } from '../errors.ts'
import { type Events, publish } from '../events.ts'
import type { Strategy } from './strategy.ts'

/** Where an answer of a race came from. */
export type RaceProvenance = Provenance & { readonly strategy: string; readonly rank: number }

/** A valid answer. */
export interface Answer<Value> {
  readonly value: Value
  readonly meta: RaceProvenance
}

/** One strategy that runs. */
export interface Runner<Value> {
  readonly strategy: string
  readonly rank: number
  /** Its valid answer; rejects with why there is none. */
  readonly answer: Promise<Answer<Value>>
  /** Its valid answer, where it has come. */
  found(): Answer<Value> | undefined
  /** Whether it has ended. */
  over(): boolean
  /** Ends it where it still runs: its signal fires, and whatever it answers is no answer any more. */
  end(reason: unknown): void
}

/** Starts a strategy. Its end is published with its time and cost, whatever it is. */
export function startRunner<Value, Name extends string>(options: {
  readonly race: string
  readonly strategy: Name
  readonly rank: number
  readonly run: Strategy<Value>
  readonly validate: (value: Value, strategy: Name) => boolean | Promise<boolean>
  readonly clock: Clock
}): Runner<Value> {
  const { race, strategy, rank, run, validate, clock } = options
  const controller = new AbortController()
  const { signal } = controller
  const startedAt = clock.now()
  let meta: RaceProvenance = { strategy, rank }
  let over = false
  let valid: Answer<Value> | undefined

  const told = (outcome: Events['strategy-ended']['outcome'], error?: unknown): void => {
    over = true
    publish('strategy-ended', {
      race,
      strategy,
      rank,
      outcome,
      milliseconds: clock.now() - startedAt,
      meta,
      ...(error === undefined ? {} : { error }),
    })
  }

  async function judge(): Promise<Answer<Value>> {
    const value = await run({ signal, meta: (said) => void (meta = { ...meta, ...said, strategy, rank }) })
    const refusal = await refusalOf(value)
    if (refusal !== undefined) throw refusal
    return { value, meta: Object.freeze(meta) }
  }

  async function refusalOf(value: Value): Promise<RepriseError | undefined> {
    const message = `strategy "${strategy}" answered something that is not valid`
    try {
      return (await validate(value, strategy)) ? undefined : new RepriseError('E_STRATEGY_INVALID', message)
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause)
      return new RepriseError('E_STRATEGY_INVALID', `${message}: ${why}`, { cause })
    }
  }

  const answer = new Promise<Answer<Value>>((resolve, reject) => {
    signal.addEventListener('abort', () => {
      told('lost', signal.reason)
      reject(signal.reason as Error)
    })
    judge().then(
      (found) => {
        if (over) return
        valid = found
        told('valid')
        resolve(found)
      },
      (error: unknown) => {
        if (over) return
        told(RepriseError.is(error, 'E_STRATEGY_INVALID') ? 'invalid' : 'failed', error)
        reject(error)
      },
    )
  })
  // Nobody may be waiting for it any more when it fails.
  answer.catch(() => {})
  return {
    strategy,
    rank,
    answer,
    found: () => valid,
    over: () => over,
    end(reason) {
      if (!over) controller.abort(reason)
    },
  }
}
