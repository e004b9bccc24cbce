/**
 * Two-speed results: strategies of different quality start together, the first valid answer is the answer, and better
 * ones that are still running go on in the background and take its place (rows E1, E2).
 *
 * A strategy is running, then valid, invalid or failed; or lost, when it could not improve anything any more or its
 * time was over, and its signal fires then. Before the answer every strategy can win. After it only those of a higher
 * rank go on; each that turns out valid is offered, and ends those that it outranks. What an offer replaces is not
 * decided here but where it is kept, by rank and by what happened to the key since.
 */
import { type Clock, systemClock } from './clock.ts'
import { type Duration, milliseconds } from './duration.ts'
import type { Provenance } from './entry/entry.ts'
import { RepriseError, quote } from './errors.ts'
import { publish } from './events.ts'
import { retryAfter } from './load/failures.ts'
import type { UpgradeOptions } from './load/loader.ts'
import { type Answer, type Runner, startRunner } from './race/runner.ts'
import { type Strategy, lossOf } from './race/strategy.ts'

/** How a race is judged. */
export interface RaceOptions<Value, Name extends string = string> {
  /** Whether an answer is one; `false` and an error that it throws mean that it is not. @default every answer is */
  readonly validate?: (value: Value, strategy: Name) => boolean | Promise<boolean>
  /** Quality by strategy, higher is better. @default the order in which the strategies are written, from 1 */
  readonly rank?: Readonly<Record<Name, number>>
  /** How long better ones may go on after the answer. @default '30s' */
  readonly timeout?: Duration
  /** What the race is called in events and in the background registry. @default 'race' and the key */
  readonly name?: string
  /** @default the machine's clock */
  readonly clock?: Clock
}

/** What a race needs of whoever calls it: the context of a loader or of a batch loader, or one like it. */
export interface RaceContext<Value> {
  /** Fires when nobody waits for the answer any more. */
  readonly signal: AbortSignal
  readonly key?: string
  /** Hears where the answer came from. */
  readonly meta?: (meta: Provenance) => void
  /** Keeps better answers; without it nothing goes on after the first. */
  readonly upgrade?: (
    work: (upgrade: Improving<Value>) => Promise<unknown>,
    options?: UpgradeOptions,
  ) => boolean
}

/** What goes on after the answer needs of where answers are kept. */
export interface Improving<Value> {
  /** Fires when nothing that is offered can be kept any more. */
  readonly signal: AbortSignal
  /** Keeps a better answer if it still may be kept. */
  readonly offer: (value: Value, meta: Provenance) => Promise<unknown>
}

/**
 * A loader that asks several strategies at once: for `getOrLoad`, `getOrLoadMany` (whose strategies answer with the
 * values of all items), and whatever gives such a context. Each call runs every strategy once.
 * @throws E_OPTION_INVALID for no strategies, a rank that is no number or a timeout that is no duration; the loader rejects with E_RACE_FAILED when no
 * strategy has a valid answer, its `cause` an AggregateError of all reasons
 */
export function race<Value, Name extends string>(
  strategies: Readonly<Record<Name, Strategy<Value>>>,
  options: RaceOptions<Value, NoInfer<Name>> = {},
): (context: RaceContext<Value>) => Promise<Value> {
  const { validate = () => true, clock = systemClock } = options
  const timeout = milliseconds(options.timeout ?? '30s', 'timeout')
  const entrants = rankAll<Value, Name>(strategies, options.rank)
  return async (context) => {
    const name = options.name ?? `race${context.key === undefined ? '' : ` ${context.key}`}`
    const startedAt = clock.now()
    context.signal.throwIfAborted()
    const runners = entrants.map((entrant) => startRunner({ ...entrant, race: name, validate, clock }))
    const leave = (): void => endAll(runners, context.signal.reason)
    context.signal.addEventListener('abort', leave, { once: true })
    try {
      const winner = await firstValid(runners, { name, signal: context.signal, clock })
      const better = runners.filter((runner) => runner.rank > winner.meta.rank && !runner.over())
      const goesOn =
        better.length > 0 &&
        context.upgrade?.((upgrade) => offerAll(better, winner.meta.rank, upgrade), { name, timeout }) ===
          true
      const running = goesOn ? better : []
      endAll(
        runners.filter((runner) => !running.includes(runner)),
        lossOf(name),
      )
      context.meta?.(winner.meta)
      const names = running.map(({ strategy }) => strategy)
      publish('race-answered', {
        race: name,
        meta: winner.meta,
        milliseconds: clock.now() - startedAt,
        running: names,
      })
      return winner.value
    } finally {
      context.signal.removeEventListener('abort', leave)
    }
  }
}

interface Entrant<Value, Name extends string> {
  readonly strategy: Name
  readonly rank: number
  readonly run: Strategy<Value>
}

function rankAll<Value, Name extends string>(
  strategies: Readonly<Record<Name, Strategy<Value>>>,
  ranks: Readonly<Record<Name, number>> | undefined,
): readonly Entrant<Value, Name>[] {
  const names = Object.keys(strategies) as Name[]
  if (names.length === 0)
    throw new RepriseError('E_OPTION_INVALID', 'a race needs at least one strategy, such as { fast: … }')
  return names.map((strategy, index) => {
    const run = strategies[strategy]
    const rank = ranks === undefined ? index + 1 : ranks[strategy]
    if (typeof rank === 'number' && Number.isFinite(rank)) return { strategy, rank, run }
    throw new RepriseError(
      'E_OPTION_INVALID',
      `the rank of strategy "${strategy}" is ${quote(rank)}: give a number for each of ${names.join(', ')}`,
    )
  })
}

/** The first valid answer, or the best where several came at once. @throws E_RACE_FAILED when there is none; the signal's reason */
async function firstValid<Value>(
  runners: readonly Runner<Value>[],
  { name, signal, clock }: { readonly name: string; readonly signal: AbortSignal; readonly clock: Clock },
): Promise<Answer<Value>> {
  try {
    const first = await Promise.any(runners.map(async ({ answer }) => answer))
    const found = runners.flatMap((runner) => runner.found() ?? [])
    return found.reduce((best, one) => (one.meta.rank > best.meta.rank ? one : best), first)
  } catch (cause) {
    signal.throwIfAborted()
    const errors: readonly unknown[] = cause instanceof AggregateError ? cause.errors : [cause]
    const reasons = runners.map(({ strategy }, index) => {
      const error = errors[index]
      return `${strategy}: ${error instanceof Error ? error.message : quote(error)}`
    })
    const waits = errors.map((error) => retryAfter(error, clock.now()) ?? 0)
    const message = `no strategy of "${name}" has a valid answer (${reasons.join('; ')})`
    // Worth trying again as soon as one of them is.
    const wait = Math.min(...waits)
    throw new RepriseError('E_RACE_FAILED', message, { cause, ...(wait > 0 ? { retryAfter: wait } : {}) })
  }
}

/** Offers each better answer as it comes, until nothing better can come. */
async function offerAll<Value>(
  runners: readonly Runner<Value>[],
  rank: number,
  { signal, offer }: Improving<Value>,
): Promise<void> {
  let best = rank
  const stop = (): void => endAll(runners, signal.reason)
  if (signal.aborted) stop()
  else signal.addEventListener('abort', stop, { once: true })
  const offerOne = async ({ answer }: Runner<Value>): Promise<void> => {
    const found = await answer.catch(() => undefined)
    if (found === undefined || signal.aborted || found.meta.rank <= best) return
    best = found.meta.rank
    endAll(
      runners.filter((other) => other.rank <= best),
      lossOf(found.meta.strategy),
    )
    await offer(found.value, found.meta)
  }
  try {
    const ends = await Promise.allSettled(runners.map(offerOne))
    for (const end of ends) if (end.status === 'rejected') throw end.reason
    if (RepriseError.is(signal.reason)) throw signal.reason
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

function endAll(runners: readonly Runner<unknown>[], reason: unknown): void {
  for (const runner of runners) runner.end(reason)
}
