import { z } from 'zod'
import { pageOf, pageQuery } from './paging.ts'
import type { Route } from './route.ts'
import { count, instant, proseOf, queryNumber } from './text-fields.ts'

/** What alarms are about (row C7). */
export const alarmRuleName = z.enum([
  'hit_rate',
  'log_lag',
  'load_failures',
  'memory_share',
  'stuck_results',
  'queue_age',
  'tier_unreachable',
])

/** A rule: an alarm is raised when the figure was beyond `on` for `for_seconds`, and ends when it was within `off` as long. */
export const alarmRule = z.strictObject({
  rule: alarmRuleName,
  about: z.string(),
  unit: z.string().describe('ratio, seconds, records or count'),
  beyond: z.enum(['above', 'below']),
  enabled: z.boolean(),
  on: z.number(),
  off: z.number(),
  for_seconds: z.number().nonnegative(),
})

/** One alarm, active while `ended_at` is null. */
export const alarm = z.strictObject({
  id: count,
  rule: alarmRuleName,
  subject: z
    .string()
    .describe('What it is about where a rule has several, such as the name of a tier; else empty'),
  message: z.string(),
  on: z.number(),
  value: z.number().describe('The figure that raised it'),
  last_value: z.number(),
  started_at: instant,
  ended_at: instant.nullable(),
  acknowledged_at: instant.nullable(),
  acknowledged_by: z.string().nullable(),
  note: z.string().nullable(),
  webhook: z
    .enum(['none', 'pending', 'delivered', 'failed'])
    .describe('How far its newest notice is; none where no webhook is configured'),
})

/** Alarms, of all processes on one database. */
export const alarmRoutes = {
  alarmList: {
    id: 'alarmList',
    method: 'GET',
    path: '/api/v1/alarms',
    summary: 'Alarms, the newest first: active ones, past ones, or all',
    role: 'viewer',
    tag: 'alarms',
    query: z.strictObject({ state: z.enum(['active', 'past', 'all']).default('all'), ...pageQuery }),
    data: pageOf(alarm),
  },
  alarmRules: {
    id: 'alarmRules',
    method: 'GET',
    path: '/api/v1/alarms/rules',
    summary: 'The rules as the settings have them, and how their figures stand',
    role: 'viewer',
    tag: 'alarms',
    data: z.strictObject({
      every_seconds: z.number(),
      evaluated_at: instant.nullable(),
      rules: z.array(
        alarmRule.extend({
          figures: z.array(
            z.strictObject({
              subject: z.string(),
              value: z.number().nullable(),
              phase: z.enum(['quiet', 'rising', 'active', 'falling']),
              since: instant.nullable(),
            }),
          ),
        }),
      ),
    }),
  },
  alarmAcknowledge: {
    id: 'alarmAcknowledge',
    method: 'POST',
    path: '/api/v1/alarms/:id/acknowledge',
    summary: 'Say that somebody knows of an alarm; once is enough',
    role: 'operator',
    tag: 'alarms',
    audit: 'alarm.acknowledge',
    params: z.strictObject({ id: queryNumber(1, 2 ** 31 - 1, 0) }),
    body: z.strictObject({ note: proseOf(2_000).optional() }),
    data: alarm,
  },
} as const satisfies Record<string, Route>
