import { createHmac } from 'node:crypto'
import type { Database } from '@reprise/database'
import type { AlarmRow } from './alarm.ts'
import * as statements from './statements.ts'

/** Where notices go. */
export interface WebhookOptions {
  readonly url: string
  /** Signs what is sent, so that the receiver knows whom it is from. @default not signed */
  readonly secret?: string | undefined
  /** Milliseconds that one try may take. @default 5000 */
  readonly timeout?: number
  readonly now: () => number
  /** Hears of tries that failed. */
  readonly onError: (error: Error) => void
}

/** Notices that are taken at a time. */
const batch = 20

/** The value of `x-reprise-signature`: HMAC-SHA-256 in hex over the time, a dot and the body; who checks it refuses old times. */
export function signature(
  secret: string,
  { body, now }: { readonly body: string; readonly now: number },
): string {
  const time = Math.floor(now / 1_000)
  return `t=${time},v1=${createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')}`
}

/** Sends the notices that are due, each until it was taken or was tried twelve times; tells how many were taken. */
export async function deliverNotices(database: Database, options: WebhookOptions): Promise<number> {
  const at = (): Date => new Date(options.now())
  const { rows: notices } = await database.query<{ id: number; alarm: number; event: string }>(
    statements.takeNotices,
    [at(), batch],
  )
  if (notices.length === 0) return 0
  const found = await database.query<AlarmRow>(statements.alarmsOf, [notices.map(({ alarm }) => alarm)])
  let taken = 0
  for (const { id, alarm, event } of notices.toSorted((a, b) => a.id - b.id)) {
    const body = JSON.stringify({ id, event, alarm: found.rows.find((row) => row.id === alarm) })
    try {
      await post(body, options)
      await database.query(statements.delivered, [id, at()])
      taken += 1
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause)
      await database.query(statements.undelivered, [id, reason.slice(0, 500)])
      options.onError(new Error(`The webhook did not take the notice ${id} (${reason})`, { cause }))
    }
  }
  return taken
}

async function post(body: string, { url, secret, timeout = 5_000, now }: WebhookOptions): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(secret === undefined ? {} : { 'x-reprise-signature': signature(secret, { body, now: now() }) }),
    },
    body,
    // A redirect would carry the notice to a place that nobody has configured.
    redirect: 'error',
    signal: AbortSignal.timeout(timeout),
  })
  await response.body?.cancel()
  if (!response.ok) throw new Error(`it was answered with status ${response.status}`)
}
