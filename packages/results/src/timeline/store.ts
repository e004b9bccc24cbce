// The truth. A session is a row that carries a version: the number of its newest change. Whoever changes a session
// locks its row first, so changes of one session happen one after another in every process, and the numbers that they
// take from the one sequence rise. An answer and the version it belongs to are read by one statement.
import type { Database, Queryable } from '@reprise/database'
import { type CheckedEvent, type EventRow, type LatestMark, toEvent } from './event.ts'
import type { Session } from './names.ts'
import type { Answer, LatestOf, Reader, SessionState } from './reader.ts'
import type { TimelineSettings } from './settings.ts'
import * as statements from './statements.ts'

/** The state that an append made. */
export interface Appended extends SessionState {
  /** The version it was made from; 0 for a session that began with it. */
  readonly base: number
  readonly added: readonly EventRow[]
  /** Numbers of events that made room. */
  readonly trimmed: readonly number[]
  /** Bytes of all payloads of the session. */
  readonly bytes: number
}

/** A removal: what was removed, and the version it made. */
export interface Removed<What> {
  readonly removed: What
  readonly version: number
}

/** Timelines in the database. */
export interface Store extends Reader {
  /** Appends all of the events, or none. */
  append(session: Session, events: readonly CheckedEvent[]): Promise<Appended>
  /** The end of a session that is used now, and its version; undefined when there is no such session any more. */
  slide(session: Session): Promise<SessionState | undefined>
  /** Everything of a session, the oldest first; undefined when there is no such session, or it is larger than `mostBytes`. */
  whole(session: Session, mostBytes: number): Promise<Answer<readonly EventRow[]> | undefined>
  /** Removes a session in a scene, or with null in every scene; gives the scenes that were alive. */
  clear(session: Session, scene: string | null): Promise<Removed<readonly string[]>>
  /** Removes a resource in every category; gives the number of events. Undefined when there is no such session. */
  clearResource(session: Session, resource: string): Promise<Removed<number> | undefined>
  /** Removes at most so many expired sessions of all sites; tells how many. */
  sweep(limit: number): Promise<number>
}

interface SessionRow {
  readonly id: number
  readonly version: number
  readonly bytes: number
  readonly expires_at: number
}

/** A row of an answer: the state of the session, and an event unless it is null. */
type AnswerRow<Event> = { readonly version: number; readonly expires_at: number } & (
  | Event
  | { readonly sequence: null }
)

const sum = (sizes: readonly { readonly bytes: number }[]): number =>
  sizes.reduce((total, { bytes }) => total + bytes, 0)

const rowAt = <Row>(rows: readonly Row[], place = 0): Row => rows[place] as Row

const isEvent = <Event extends { readonly sequence: number }>(
  row: AnswerRow<Event>,
): row is AnswerRow<Event> & Event => row.sequence !== null

/** The store of a migrated database; every transaction names its site, so no statement sees another's rows. */
export function createStore(database: Database, { life, maxEvents, clock }: TimelineSettings): Store {
  const ofSite = <T>({ site }: Session, work: (transaction: Queryable) => Promise<T>): Promise<T> =>
    database.transaction(async (transaction) => {
      await transaction.query(statements.nameSite, [site])
      return work(transaction)
    })
  const names = ({ site, session, scene }: Session): string[] => [site, session, scene]

  async function ask<Event>(
    session: Session,
    text: string,
    rest: readonly unknown[] = [],
  ): Promise<Answer<readonly AnswerRow<Event>[]> | undefined> {
    const { rows } = await ofSite(session, (transaction) =>
      transaction.query<AnswerRow<Event>>(text, [...names(session), clock.now(), ...rest]),
    )
    const [row] = rows
    return row && { state: { version: row.version, expiresAt: row.expires_at }, value: rows }
  }

  return {
    append(session, events) {
      return ofSite(session, async (transaction) => {
        const now = clock.now()
        const { id, ...before } = rowAt(
          (await transaction.query<SessionRow>(statements.lockSession, [...names(session), now + life])).rows,
        )
        const over = before.version !== 0 && before.expires_at <= now
        if (over) await transaction.query(statements.emptySession, [id])
        const column = (name: keyof CheckedEvent): string[] => events.map((event) => event[name])
        const numbers = await transaction.query<{ readonly sequence: number }>(statements.addEvents, [
          id,
          session.site,
          now,
          ...(['category', 'resource', 'model', 'strategy', 'payload'] as const).map(column),
        ])
        const added = events.map((event, place) => ({
          ...event,
          sequence: rowAt(numbers.rows, place).sequence,
          at: now,
        }))
        const trimmed = await transaction.query<{ readonly sequence: number; readonly bytes: number }>(
          statements.trimEvents,
          [id, [...new Set(column('category'))], maxEvents],
        )
        const version = (added.at(-1) as EventRow).sequence
        const sizes = events.map(({ payload }) => ({ bytes: Buffer.byteLength(payload) }))
        const bytes = (over ? 0 : before.bytes) + sum(sizes) - sum(trimmed.rows)
        const moved = await transaction.query<SessionRow>(statements.moveSession, [
          id,
          version,
          bytes,
          now + life,
        ])
        return {
          base: over ? 0 : before.version,
          version,
          bytes,
          expiresAt: rowAt(moved.rows).expires_at,
          added,
          trimmed: trimmed.rows.map(({ sequence }) => sequence),
        }
      })
    },

    async timeline(session, { category, after, limit }) {
      const answer = await ask<EventRow>(session, statements.readTimeline, [category, limit, after])
      return answer && { ...answer, value: answer.value.filter(isEvent).toReversed().map(toEvent) }
    },

    async latest(session, of) {
      const column = (name: keyof LatestOf): (string | null)[] => of.map((one) => one[name])
      const answer = await ask<EventRow>(session, statements.readLatest, [
        column('category'),
        column('resource'),
      ])
      return answer && { ...answer, value: answer.value.map((row) => (isEvent(row) ? toEvent(row) : null)) }
    },

    async resources(session) {
      const answer = await ask<LatestMark>(session, statements.readResources)
      return answer && { ...answer, value: answer.value.filter(isEvent) }
    },

    async whole(session, mostBytes) {
      const answer = await ask<EventRow>(session, statements.readSession, [mostBytes])
      return answer && { ...answer, value: answer.value.filter(isEvent) }
    },

    slide(session) {
      return ofSite(session, async (transaction) => {
        const now = clock.now()
        const { rows } = await transaction.query<SessionRow>(statements.slideSession, [
          ...names(session),
          now,
          now + life,
        ])
        return rows[0] && { version: rows[0].version, expiresAt: rows[0].expires_at }
      })
    },

    clear(session, scene) {
      return ofSite(session, async (transaction) => {
        const { rows } = await transaction.query<{ readonly scene: string; readonly expires_at: number }>(
          statements.removeSessions,
          [session.site, session.session, scene],
        )
        const now = clock.now()
        const removed = rows.filter(({ expires_at }) => expires_at > now).map((row) => row.scene)
        return { removed, version: await nextNumber(transaction) }
      })
    },

    clearResource(session, resource) {
      return ofSite(session, async (transaction) => {
        const now = clock.now()
        const found = await transaction.query<SessionRow>(statements.findSession, [...names(session), now])
        const [row] = found.rows
        if (row === undefined) return undefined
        const { rows } = await transaction.query<{ readonly bytes: number }>(statements.removeResource, [
          row.id,
          resource,
        ])
        const version = await nextNumber(transaction)
        await transaction.query(statements.moveSession, [row.id, version, row.bytes - sum(rows), now + life])
        return { removed: rows.length, version }
      })
    },

    sweep(limit) {
      return database.transaction(async (transaction) => {
        const now = clock.now()
        await transaction.query(statements.nameSweep, [now])
        return (await transaction.query(statements.sweepSessions, [now, limit])).rowCount
      })
    },
  }
}

async function nextNumber(transaction: Queryable): Promise<number> {
  const { rows } = await transaction.query<{ readonly number: number }>(statements.nextNumber)
  return rowAt(rows).number
}
