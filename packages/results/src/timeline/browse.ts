// What an operator sees of timelines. It is asked of the database alone and slides no life: looking at a session must
// not keep it.
import type { Database, Queryable } from '@reprise/database'
import { type EventRow, type TimelineEvent, toEvent } from './event.ts'
import type { Session } from './names.ts'
import * as statements from './browse-statements.ts'

/** A living session of a site. */
export interface TimelineSession {
  readonly sessionId: string
  readonly scene: string
  /** The number of its newest change. */
  readonly version: number
  /** Of all payloads. */
  readonly bytes: number
  /** ISO instant: when it ends unless it is used before. */
  readonly expiresAt: string
  /** Where a list goes on after it. */
  readonly cursor: number
}

/** Which events of a session are wanted; what is undefined is not asked for. */
export interface BrowseQuery {
  readonly category?: string | undefined
  readonly resource?: string | undefined
  /** Only events with a lower number, such as the last one of the page before. */
  readonly before?: number | undefined
  readonly limit: number
}

/** A site and how many living sessions it has. */
export interface TimelineSite {
  readonly site: string
  readonly sessions: number
}

/** Which sites are wanted. */
export interface SitesOptions {
  /** Only sites of a later name, such as the last one of the page before. */
  readonly after?: string
  /** @default 100 */
  readonly limit?: number
  /** Only this one. @default all */
  readonly only?: string | undefined
  /** Only those that have a living session of this id. @default all */
  readonly sessionId?: string | undefined
}

/** Which sessions of a site are wanted. */
export interface SessionsQuery {
  /** Only those with a lower cursor, such as that of the last one of the page before. */
  readonly before: number
  readonly limit: number
  /** Only those of this id, of every scene. @default all */
  readonly sessionId?: string | undefined
}

/** Timelines as an operator sees them, the newest first. */
export interface Browser {
  sites(options: SitesOptions): Promise<readonly TimelineSite[]>
  sessions(site: string, query: SessionsQuery): Promise<readonly TimelineSession[]>
  events(session: Session, query: BrowseQuery): Promise<readonly TimelineEvent[]>
  /** The latest event of each resource in each category. */
  latest(session: Session, query: BrowseQuery): Promise<readonly TimelineEvent[]>
}

interface SessionRow {
  readonly id: number
  readonly session: string
  readonly scene: string
  readonly version: number
  readonly bytes: number
  readonly expires_at: number
}

/** A browser of a migrated database. */
export function createBrowser(database: Database, now: () => number): Browser {
  const inside = <T>(
    setting: string,
    value: string,
    work: (transaction: Queryable) => Promise<T>,
  ): Promise<T> =>
    database.transaction(async (transaction) => {
      await transaction.query(statements.name, [setting, value])
      return work(transaction)
    })
  const ofSession = async (
    { site, session, scene }: Session,
    { category, resource, before = Number.MAX_SAFE_INTEGER, limit }: BrowseQuery,
    statement: string,
  ): Promise<readonly TimelineEvent[]> => {
    const asked = [site, session, scene, now(), category ?? null, resource ?? null, before, limit]
    const { rows } = await inside('reprise.site', site, (transaction) =>
      transaction.query<EventRow>(statement, asked),
    )
    return rows.map(toEvent)
  }

  return {
    async sites({ after = '', limit = 100, only, sessionId }) {
      const asked = [after, now(), limit, only ?? null, sessionId ?? null]
      const { rows } = await inside('reprise.list_sites', 'yes', (transaction) =>
        transaction.query<TimelineSite>(statements.sites, asked),
      )
      return rows
    },
    async sessions(site, { before, limit, sessionId }) {
      const asked = [site, now(), before, limit, sessionId ?? null]
      const { rows } = await inside('reprise.site', site, (transaction) =>
        transaction.query<SessionRow>(statements.sessions, asked),
      )
      return rows.map(({ id, session, scene, version, bytes, expires_at }) => ({
        sessionId: session,
        scene,
        version,
        bytes,
        expiresAt: new Date(expires_at).toISOString(),
        cursor: id,
      }))
    },
    events: (session, query) => ofSession(session, query, statements.events),
    latest: (session, query) => ofSession(session, query, statements.latest),
  }
}
