import { createBackground, systemClock } from '@reprise/cache'
import { migrate } from '@reprise/database'
import { cachedAnswers, uncached } from './answers.ts'
import { fail } from './begin.ts'
import { sites, stuck } from './browse.ts'
import { ResultsError } from './errors.ts'
import { pause } from './generation.ts'
import { type StepReport, maintain } from './maintain.ts'
import * as retention from './retention-statements.ts'
import { type ResultTypes, type ResultsOptions, readSettings } from './settings.ts'
import { type SiteResults, openSite } from './site.ts'
import { readSite } from './place.ts'
import { type Store, assertOpen, closedError } from './store.ts'

/** The durable results of an application. */
export interface Results<Types extends ResultTypes> {
  /** The results of one site, and the only way to any (row D6). @throws E_RESULT_OPTION */
  forSite(site: string | number): SiteResults<Types>
  /** For operators: sites that have had results, by name, those after `after`. @param limit 100 by default */
  sites(after?: string, limit?: number): Promise<readonly string[]>
  /** For operators: how many generations of all sites have lost their generator. */
  stuck(): Promise<number>
  /**
   * The nightly task: expires, trims and forgets, over all sites; one report a step, told as each ends. What fails is in
   * the reports and stops nothing else.
   */
  maintain(options?: { readonly onStep?: (report: StepReport) => void }): Promise<readonly StepReport[]>
  /** Takes no more calls, waits for generations and upgrades at most `timeout` milliseconds, then ends and fails them. */
  close(options?: { readonly timeout?: number }): Promise<{ readonly ended: number }>
}

/**
 * Opens results on a database, applying its migrations.
 * @throws E_RESULT_OPTION; E_RESULT_ROLE where row-level security is required and does not bind; what `migrate` throws
 */
export async function openResults<const Types extends ResultTypes>(
  options: ResultsOptions<Types>,
): Promise<Results<Types>> {
  const settings = readSettings(options)
  const { database, cache, clock, onWarning = () => {} } = options
  if (options.migrate !== false) {
    await migrate(database, { directory: new URL('../migrations/results/', import.meta.url), set: 'results' })
  }
  if (options.requireRowSecurity === true) await refuseFreeRole(options)
  const timers = clock ?? systemClock
  const running = new Set<Promise<unknown>>()
  const store: Store = {
    database,
    settings,
    clock: timers,
    time: clock === undefined ? () => null : () => new Date(clock.now()),
    answers: cache === undefined ? uncached : cachedAnswers(cache, settings.cacheFor, () => timers.now()),
    generations: new Map(),
    background: options.background ?? createBackground({ clock: timers }),
    upgrades: new Set(),
    warn: onWarning,
    behind(work, failure, toldElsewhere = false) {
      const settled = work.then(
        () => undefined,
        (error: unknown) => (toldElsewhere ? undefined : onWarning(failure, error)),
      )
      running.add(settled)
      void settled.then(() => running.delete(settled))
    },
    closed: false,
  }

  return Object.freeze({
    forSite(site: string | number) {
      assertOpen(store)
      return openSite(store, readSite(site)) as SiteResults<Types>
    },
    async sites(after = '', limit = 100) {
      assertOpen(store)
      return sites(store, after, limit)
    },
    async stuck() {
      assertOpen(store)
      return stuck(store)
    },
    async maintain({ onStep = () => {} } = {}) {
      assertOpen(store)
      return maintain(store, onStep)
    },
    async close({ timeout = 5_000 } = {}) {
      store.closed = true
      const all = async (): Promise<void> => {
        while (running.size > 0) await Promise.all(running)
      }
      if (running.size > 0) await pause(timers, { milliseconds: timeout, until: all() })
      const error = closedError()
      if (options.background === undefined) await store.background.shutdown(running.size > 0 ? 0 : timeout)
      for (const upgrade of store.upgrades) upgrade.end(error)
      const ended = [...store.generations]
      // What cannot be marked failed now is found by its lease.
      const marks = ended.map(([id, { site }]) =>
        fail(store, id, { site, reason: 'the results were closed', abandoned: true }).catch(() => undefined),
      )
      for (const [, generation] of ended) generation.end(error)
      await Promise.all(marks)
      return { ended: ended.length }
    },
  } satisfies Results<Types>)
}

async function refuseFreeRole({ database }: ResultsOptions<ResultTypes>): Promise<void> {
  const { rows } = await database.query<{ role: string; free: boolean }>(retention.role)
  if (rows[0]?.free !== true) return
  throw new ResultsError(
    'E_RESULT_ROLE',
    `role ${JSON.stringify(rows[0].role)} is not bound by row-level security: connect as a role without SUPERUSER and BYPASSRLS`,
  )
}
