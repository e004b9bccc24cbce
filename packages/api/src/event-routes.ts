import { z } from 'zod'
import type { Route } from './route.ts'
import { count, instant } from './text-fields.ts'

const seconds = z.number().nonnegative()
const provenance = { model: z.string(), strategy: z.string() }
const entry = { space: z.string(), key: z.string() }

/** What each type of live event carries. Figures of `hit` and `skipped` are those of the second that ends with it. */
export const liveEventData = {
  hit: z.strictObject({
    spaces: z.array(
      z.strictObject({
        space: z.string(),
        hits: z.record(z.string(), count).describe('By tier'),
        stale: count,
      }),
    ),
  }),
  miss: z.strictObject({ ...entry, seconds }),
  load: z.strictObject({
    ...entry,
    outcome: z.enum(['finished', 'failed', 'aborted']),
    seconds,
    ...provenance,
    error: z.string().nullable().describe('The code or the name of the error; its message is in the log'),
  }),
  invalidate: z.strictObject({
    keys: z.array(z.string()).describe('The first 20'),
    marks: z.array(z.string()).describe('Tags, spaces and tenants, the first 20'),
    total: count,
  }),
  upgrade: z.strictObject({
    ...entry,
    from: z.strictObject(provenance),
    to: z.strictObject(provenance),
    seconds,
  }),
  tier: z.strictObject({ tier: z.string(), operation: z.string(), error: z.string() }),
  background: z.strictObject({
    task: z.string(),
    outcome: z.enum(['started', 'finished', 'failed', 'timed-out', 'cancelled', 'refused']),
    seconds,
  }),
  task: z.strictObject({
    task_id: z.string(),
    kind: z.string(),
    username: z.string(),
    event: z.enum(['accepted', 'started', 'progress', 'ended']),
    status: z
      .enum(['pending', 'delayed', 'processing', 'completed', 'dead', 'cancelled'])
      .describe('What it is now: a run that ended may be tried again'),
    done: z.number().nullable(),
    total: z.number().nullable(),
    seconds: seconds.nullable().describe('Of the run that ended'),
  }),
  alarm: z.strictObject({
    id: count,
    rule: z.string(),
    subject: z.string(),
    event: z.enum(['raised', 'cleared', 'acknowledged']),
    message: z.string(),
    value: z.number(),
  }),
  operation: z.strictObject({
    action: z.string(),
    username: z.string().nullable(),
    target: z.string(),
    result: z.enum(['done', 'failed', 'refused']),
    status: count.nullable(),
    seconds: seconds.nullable(),
  }),
  skipped: z
    .strictObject({ events: z.record(z.string(), count) })
    .describe('Events beyond what a second may hold, by type'),
  reset: z
    .strictObject({ reason: z.enum(['unknown-id', 'too-slow']) })
    .describe('Events are missing before this: read again what is shown'),
} as const

/** What a live event is about. */
export type LiveEventType = keyof typeof liveEventData

/** The types that a listener can ask for; `skipped` and `reset` come with any. */
export const liveEventTypes = [
  'hit',
  'miss',
  'load',
  'invalidate',
  'upgrade',
  'tier',
  'background',
  'task',
  'alarm',
  'operation',
] as const satisfies readonly LiveEventType[]

/** A live event as a listener gets it. */
export type LiveEvent = {
  readonly [Type in LiveEventType]: {
    /** Where to go on after it, by `Last-Event-ID`. */
    readonly id: string
    readonly type: Type
    /** ISO instant. */
    readonly at: string
    readonly data: z.output<(typeof liveEventData)[Type]>
  }
}[LiveEventType]

/** A comma-separated list of types. */
const types = z
  .string()
  .max(200)
  .transform((text) => text.split(','))
  .pipe(
    z.array(z.enum(liveEventTypes, `Give some of ${liveEventTypes.join(', ')}, separated by commas`)).min(1),
  )
  .optional()

/** What happens in the process that answers, as it happens (server-sent events). */
export const eventRoutes = {
  events: {
    id: 'events',
    method: 'GET',
    path: '/api/v1/events',
    summary: 'What happens in the cache and the service, as server-sent events; goes on after Last-Event-ID',
    role: 'viewer',
    tag: 'events',
    query: z.strictObject({
      types: types.describe('Only these types. Without it, all that the role may see'),
      ticket: z
        .string()
        .regex(/^[\w-]{43}$/, 'Give a ticket that eventTicket made')
        .optional()
        .describe('Instead of the authorization header, for EventSource, which cannot send one'),
    }),
    text: 'text/event-stream',
  },
  eventTicket: {
    id: 'eventTicket',
    method: 'POST',
    path: '/api/v1/events/ticket',
    summary:
      'A ticket that opens one stream of events of this process within 30 seconds, in place of the token',
    role: 'viewer',
    tag: 'events',
    audit: false,
    data: z.strictObject({ ticket: z.string(), expires_at: instant }),
  },
} as const satisfies Record<string, Route>
