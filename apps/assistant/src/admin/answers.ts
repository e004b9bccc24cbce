import type { DataOf, Routes } from '@reprise/api'
import type { Database } from '@reprise/database'
import { HttpError, type RequestAudit } from '@reprise/service'
import type { EventRow } from '../events/event.ts'
import type { Invalidator } from '../events/invalidator.ts'
import * as events from '../events/statements.ts'
import type { Author } from './write-row.ts'

/** A row of any table, or of the log of events, as JSON. */
export type JsonRow = DataOf<Routes['configRead']>['row']

/** An event as the API shows it. */
export type ShownEvent = DataOf<Routes['invalidationRetry']>['invalidation']

interface Named {
  readonly username: string
}

/** A row as JSON; what only counts pages is left out. */
export function toJson(row: Readonly<Record<string, unknown>>): JsonRow {
  return JSON.parse(JSON.stringify({ ...row, total_rows: undefined })) as JsonRow
}

/** An event as JSON. */
export function eventJson(row: EventRow): ShownEvent {
  return toJson({ ...row }) as unknown as ShownEvent
}

/** Who asked for a change, and how the operation log hears of it. */
export function authorOf(
  { caller, audit }: { readonly caller: Named; readonly audit: RequestAudit },
  reason = '',
): Author {
  return {
    operator: caller.username,
    reason,
    async record({ target, details }, transaction) {
      audit.on(target)
      audit.tell(details)
      await audit.record(transaction)
    },
  }
}

/** What an answer to a change needs: where its events are by now, and the audit log told. */
export interface Answers {
  /** One event. @throws HttpError 404 */
  event(id: string): Promise<ShownEvent>
  /** Tries to carry events to the caches now, and says how far they are: the change is made whatever becomes of that. */
  carry(ids: readonly string[]): Promise<ShownEvent[]>
  /** Tells the audit log. */
  tell(action: string, caller: Named, details: Record<string, unknown>): void
}

/** Makes the answers of a process. */
export function createAnswers(parts: {
  readonly database: Database
  readonly invalidator: Invalidator
  readonly onChange: (entry: { action: string; user: string; details: Record<string, unknown> }) => void
}): Answers {
  const { database, invalidator, onChange } = parts
  async function event(id: string): Promise<ShownEvent> {
    const { rows } = await database.query<EventRow>(events.selectEvent, [id])
    if (rows[0] === undefined) throw new HttpError(404, `There is no invalidation ${JSON.stringify(id)}`)
    return eventJson(rows[0])
  }
  return {
    event,
    async carry(ids) {
      await invalidator.run()
      return Promise.all(ids.map(event))
    },
    tell: (action, { username: user }, details) => onChange({ action, user, details }),
  }
}
