import type { Database } from '@reprise/database'
import type { CostCenterDay, EnterpriseUsers } from '../catalog/enterprise.ts'
import { businessZone, spanOfDay } from './business-day.ts'
import { minute } from './counters.ts'
import { byName } from './live.ts'
import * as statements from './statements.ts'

/** What the enterprise's figures look back on: a day. */
const day = 24 * 60 * minute

const round = (value: number): number => Math.round(value * 100) / 100

/**
 * The hours in which most is said, as spans such as `09:00-12:00`: hours with at least half of the busiest one's turns,
 * neighbours put together.
 */
export function peakHours(hours: readonly { readonly hour: number; readonly count: number }[]): string[] {
  const most = Math.max(0, ...hours.map(({ count }) => count))
  const busy = hours.filter(({ count }) => count * 2 >= most).map(({ hour }) => hour)
  const spans: { from: number; to: number }[] = []
  for (const hour of busy.toSorted((left, right) => left - right)) {
    const last = spans.at(-1)
    if (last?.to === hour) last.to = hour + 1
    else spans.push({ from: hour, to: hour + 1 })
  }
  const clock = (hour: number): string => `${String(hour).padStart(2, '0')}:00`
  return spans.map(({ from, to }) => `${clock(from)}-${clock(to)}`)
}

/** Who of the enterprise is there, and what they do (section 12.1, row A13), over the last day. */
export async function loadEnterpriseUsers(database: Database, now: Date): Promise<EnterpriseUsers> {
  const since = new Date(now.getTime() - day)
  type Named = { name: string; count: number }
  const counts = async (text: string, ...values: unknown[]): Promise<Named[]> => [
    ...(await database.query<Named>(text, values)).rows,
  ]
  const hours = await database.query<{ hour: number; count: number }>(statements.turnsByHour, [
    since,
    businessZone,
  ])
  const users = await database.query<{ users: number }>(statements.countUsers)
  const sessions = await database.query<{ sessions: number }>(statements.countSessions, [now])
  const length = await database.query<{ minutes: number | string }>(statements.sessionLength, [since])
  return {
    total_users: users.rows[0]?.users ?? 0,
    active_sessions: sessions.rows[0]?.sessions ?? 0,
    users_by_department: byName(await counts(statements.usersBy('department'))),
    users_by_level: byName(await counts(statements.usersBy('employee_level'))),
    activity_summary: {
      intent_distribution: byName(await counts(statements.intentsSince, since)),
      peak_hours: peakHours(hours.rows),
      average_session_duration_minutes: round(Number(length.rows[0]?.minutes ?? 0)),
    },
    last_updated: now.toISOString(),
  }
}

interface BookingRow {
  readonly booking_type: string
  readonly amount: number | null
  readonly currency: string | null
  readonly approval_status: string | null
  readonly user_id: string
  readonly department: string | null
}

function tally(names: readonly (string | null)[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) if (name !== null) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

/**
 * One cost centre's day in the enterprise's zone (section 12.2, row A14), from the bookings that were confirmed; amounts
 * are in the currency of most of them, and others are counted but not added up. @throws Error for a day that there is not
 */
export async function loadCostCenterDay(
  database: Database,
  { code, yyyymmdd }: { readonly code: string; readonly yyyymmdd: string },
  now: Date,
): Promise<CostCenterDay> {
  const span = spanOfDay(yyyymmdd)
  if (span === undefined) throw new Error(`${yyyymmdd} is no day`)
  const { rows } = await database.query<BookingRow>(statements.bookingsOfDay, [code, span.from, span.to])
  const who = await database.query<{ manager: string | null; department: string | null }>(
    statements.managerOfCostCenter,
    [code],
  )
  const currencies = Object.entries(tally(rows.map(({ currency }) => currency)))
  const [currency = 'CNY'] = currencies.toSorted(([, left], [, right]) => right - left)[0] ?? []
  const amountOf = (row: BookingRow): number => (row.currency === currency ? (row.amount ?? 0) : 0)
  const sum = (some: readonly BookingRow[]): number =>
    round(some.reduce((total, row) => total + amountOf(row), 0))
  const users = [...new Set(rows.map(({ user_id }) => user_id))].map((user_id) => {
    const own = rows.filter((row) => row.user_id === user_id)
    return { user_id, bookings: own.length, amount: sum(own) }
  })
  const none = { auto_approved: 0, pending_approval: 0, approved: 0, rejected: 0 }
  const departments = Object.entries(tally(rows.map(({ department }) => department)))
  return {
    cost_center: code,
    date: yyyymmdd.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3'),
    department: who.rows[0]?.department ?? departments[0]?.[0] ?? '',
    manager: who.rows[0]?.manager ?? '',
    statistics: {
      total_bookings: rows.length,
      total_amount: sum(rows),
      currency,
      booking_types: tally(rows.map(({ booking_type }) => booking_type)),
      approval_status: { ...none, ...tally(rows.map(({ approval_status }) => approval_status)) },
      average_booking_amount: rows.length === 0 ? 0 : round(sum(rows) / rows.length),
    },
    top_users: users.toSorted((left, right) => right.amount - left.amount).slice(0, 10),
    generated_at: now.toISOString(),
  }
}
