import { type DataOf, type Routes, routes } from '@reprise/api'
import type { FastifyInstance } from 'fastify'
import type { ListedAlarm } from '../alarms/alarm.ts'
import type { Alarms } from '../alarms/alarms.ts'
import { numberCursor, pageOf } from '../http/cursor.ts'
import { HttpError } from '../http/http-error.ts'
import { registerRoute } from '../http/register-route.ts'

/** Registers the routes of alarms (row C7). */
export function registerAlarmRoutes(app: FastifyInstance, alarms: Alarms): void {
  registerRoute(app, routes.alarmList, async ({ query: { state, cursor, limit } }) => {
    const before = numberCursor(cursor) ?? Number.MAX_SAFE_INTEGER
    const found = await alarms.list({ state, before, limit: limit + 1 })
    return { data: pageOf(found, limit, { item: describe, cursor: ({ id }) => id }) }
  })
  registerRoute(app, routes.alarmRules, async () => {
    const { at, figures } = await alarms.standing()
    const rules = alarms.rules.map(({ rule, about, unit, beyond, enabled, on, off, for: length }) => ({
      rule,
      about,
      unit,
      beyond,
      enabled,
      on,
      off,
      for_seconds: length / 1_000,
      figures: figures
        .filter((figure) => figure.rule === rule)
        .map(({ subject, value, phase, since }) => ({ subject, value, phase, since: since.toISOString() })),
    }))
    const data = { every_seconds: alarms.every / 1_000, evaluated_at: at?.toISOString() ?? null, rules }
    return { data }
  })
  registerRoute(app, routes.alarmAcknowledge, async ({ params: { id }, body, caller: { username } }) => {
    const alarm = await alarms.acknowledge(id, { username, note: body.note ?? null })
    if (alarm === undefined) throw new HttpError(404, `There is no alarm ${id}`)
    return { data: describe(alarm) }
  })
}

function describe(alarm: ListedAlarm): DataOf<Routes['alarmAcknowledge']> {
  return {
    id: alarm.id,
    rule: alarm.rule,
    subject: alarm.subject,
    message: alarm.message,
    on: alarm.threshold,
    value: alarm.value,
    last_value: alarm.last_value,
    started_at: alarm.started_at.toISOString(),
    ended_at: alarm.ended_at?.toISOString() ?? null,
    acknowledged_at: alarm.acknowledged_at?.toISOString() ?? null,
    acknowledged_by: alarm.acknowledged_by,
    note: alarm.note,
    webhook: alarm.webhook ?? 'none',
  }
}
