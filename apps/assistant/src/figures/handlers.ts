import { type DataOf, type Routes, routes } from '@reprise/api'
import type { Cache } from '@reprise/cache'
import type { Database } from '@reprise/database'
import { HttpError, registerRoute } from '@reprise/service'
import type { FastifyInstance } from 'fastify'
import { costCenterDailySpace } from '../catalog/enterprise.ts'
import type { Document } from '../documents/documents.ts'
import * as bookings from '../execute/statements.ts'
import type { AsyncLogs } from '../logs/async-logs.ts'
import * as logs from '../logs/statements.ts'
import { businessDay } from './business-day.ts'
import type { Figures } from './figures.ts'

type Data = DataOf<Routes['systemFigures']>
type Booking = DataOf<Routes['bookings']>['bookings'][number]
type Counted = Readonly<Record<string, unknown>> & { readonly total_rows: number }

/** What the routes of figures, logs and bookings read. */
export interface FigureParts {
  readonly cache: Cache
  readonly database: Database
  readonly figures: Figures
  readonly logs: AsyncLogs
  readonly documents: (key: string) => Promise<Document | undefined>
  readonly now: () => Date
}

/** Rows as JSON, without what only counts pages. */
function toJson<Row>(rows: readonly Counted[]): Row[] {
  const plain = rows.map((row) => ({ ...row, total_rows: undefined }))
  return JSON.parse(JSON.stringify(plain)) as Row[]
}

/** Registers the routes of figures, logs, documents and bookings (rows A11–A15, A21, A23). */
export function registerFigures(app: FastifyInstance, parts: FigureParts): void {
  const { cache, database, figures, now } = parts
  const show = (value: object): { data: Data } => ({ data: value as Data })

  registerRoute(app, routes.systemFigures, async () => show(await figures.system()))
  registerRoute(app, routes.enterpriseFigures, async () => show(await figures.enterprise()))
  registerRoute(app, routes.cacheFigures, async () => show(await figures.performance()))
  registerRoute(app, routes.userFigures, async ({ params }) => show(await figures.session(params.user_id)))
  registerRoute(app, routes.costCenterFigures, async ({ params: { code }, query: { day } }) => {
    const yyyymmdd = day?.replaceAll('-', '') ?? businessDay(now()).compact
    const found = await figures.costCenter(code, yyyymmdd)
    if (found === undefined) throw new HttpError(422, `${day} is no day`)
    return show(found)
  })
  registerRoute(app, routes.document, async ({ query: { key } }) => {
    const found = await parts.documents(key)
    if (found === undefined) throw new HttpError(404, `There is no document at ${JSON.stringify(key)}`)
    return { data: found as DataOf<Routes['document']> }
  })
  registerRoute(app, routes.logs, async ({ params: { log_type }, query: { page, page_size } }) => {
    const parameters = [page_size, (page - 1) * page_size]
    const { rows } = await database.query<Counted>(logs.selectLogs(log_type), parameters)
    const status = (await parts.logs.status(log_type)) as Data
    return { data: { status, logs: toJson<Data>(rows), total: rows[0]?.total_rows ?? 0, page, page_size } }
  })
  registerRoute(
    app,
    routes.bookings,
    async ({ query: { page, page_size, approval = null, user_id = null } }) => {
      const parameters = [approval, user_id, page_size, (page - 1) * page_size]
      const { rows } = await database.query<Counted>(bookings.selectBookings, parameters)
      return { data: { bookings: toJson<Booking>(rows), total: rows[0]?.total_rows ?? 0, page, page_size } }
    },
  )
  registerRoute(app, routes.bookingApproval, async ({ body: { idempotency_key, decision }, caller }) => {
    const { rows } = await database.query<{ cost_center: string | null; finished_at: Date }>(
      bookings.decideApproval,
      [idempotency_key, decision],
    )
    const row = rows[0]
    if (row === undefined) throw new HttpError(404, `No booking ${idempotency_key} waits for an approval`)
    if (row.cost_center !== null) {
      const yyyymmdd = businessDay(row.finished_at).compact
      await cache.open(costCenterDailySpace).delete({ code: row.cost_center, yyyymmdd })
    }
    const details = { idempotency_key, decision }
    parts.logs.write('security_audit', { action: 'booking.approval', user_id: caller.username, details })
    return { data: { idempotency_key, approval_status: decision } }
  })
}
