import { migrate } from '@reprise/database'
import { ResultsError } from '../errors.ts'
import { type SitesOptions, type TimelineSite, createBrowser } from './browse.ts'
import { createFront } from './front.ts'
import { type TimelinesOptions, readSettings } from './settings.ts'
import { type SiteTimelines, createSiteTimelines } from './site.ts'
import { createStore } from './store.ts'
import { startSweeper } from './sweeper.ts'

/** The timelines of sessions, of every site (row E3). */
export interface Timelines {
  /** The timelines of a site, the only way to them; a site is a text of 1 to 200 bytes. @throws E_TIMELINE_OPTION */
  forSite(siteId: string): SiteTimelines
  /** For operators: sites with living sessions, by name. */
  sites(options?: SitesOptions): Promise<readonly TimelineSite[]>
  /** Removes sessions from the database that have expired; gives their number. */
  sweep(): Promise<number>
  /** Stops sweeping. The database and the client of Redis stay open; their owner closes them. */
  close(): Promise<void>
}

/**
 * Opens timelines: append-only events of sessions by category and resource, in a database that is the truth and makes
 * its tables here, with Redis in front where one is given.
 * @throws E_TIMELINE_OPTION, and what the database's migrations throw
 */
export async function openTimelines(options: TimelinesOptions): Promise<Timelines> {
  const settings = readSettings(options)
  const { database, redis } = options
  await migrate(database, {
    directory: new URL('../../migrations/timelines/', import.meta.url),
    set: 'timelines',
  })
  const store = createStore(database, settings)
  const front = redis && createFront(redis.client, settings)
  const browser = createBrowser(database, () => settings.clock.now())
  const sweeper = startSweeper(store, settings)
  let closed = false

  const assertOpen = (): void => {
    if (closed) throw new ResultsError('E_TIMELINE_CLOSED', 'The timelines are closed: open them again')
  }
  return {
    forSite: (siteId) => createSiteTimelines(siteId, { store, front, browser, settings, assertOpen }),
    async sites(wanted = {}) {
      assertOpen()
      return browser.sites(wanted)
    },
    async sweep() {
      assertOpen()
      return sweeper.sweep()
    },
    async close() {
      closed = true
      await sweeper.stop()
    },
  }
}
