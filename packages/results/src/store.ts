import type { Background, Clock } from '@reprise/cache'
import type { Database } from '@reprise/database'
import type { Answers } from './answers.ts'
import { ResultsError, quote } from './errors.ts'
import type { Settings, TypeSettings } from './settings.ts'

/** What every operation on results works with; made once by `openResults`. */
export interface Store {
  readonly database: Database
  readonly settings: Settings
  /** Timers of heartbeats and polls. */
  readonly clock: Clock
  /** The instant by the given clock; null asks the database. */
  readonly time: () => Date | null
  /** The cache of latest results, or a stand-in that asks the database. */
  readonly answers: Answers
  /** Generations of this process by id: what ends each when it is lost, and when it is over. */
  readonly generations: Map<number, LocalGeneration>
  /** Where generators go on that have answered. */
  readonly background: Background
  /** Upgrades that generators of this process left running, each with the id of its result. */
  readonly upgrades: Set<{ readonly id: number; readonly end: (error: unknown) => void }>
  readonly warn: (message: string, cause: unknown) => void
  /** Lets work go on behind an answer: `close` waits for it, and its failure is a warning unless somebody else is told. */
  readonly behind: (work: Promise<unknown>, failure: string, toldElsewhere?: boolean) => void
  closed: boolean
}

/** A generation of this process, as others see it. */
export interface LocalGeneration {
  readonly site: string
  /** Stops its heartbeats and fires its signal. */
  readonly end: (error: ResultsError) => void
  /** Resolves when it is over, with the error of one that failed. */
  readonly over: Promise<unknown>
}

/** Why a call or a generation ended with `close()`. */
export const closedError = (): ResultsError =>
  new ResultsError('E_RESULT_CLOSED', 'the results were closed: open them again to go on')

/** @throws E_RESULT_CLOSED */
export function assertOpen(store: Store): void {
  if (store.closed) throw closedError()
}

/** The settings of a type. @throws E_RESULT_OPTION naming those there are */
export function typeOf(store: Store, type: string): TypeSettings {
  const settings = store.settings.types.get(type)
  if (settings !== undefined) return settings
  throw new ResultsError(
    'E_RESULT_OPTION',
    `type ${quote(type)} is not declared: openResults has ${[...store.settings.types.keys()].join(', ')}`,
  )
}
