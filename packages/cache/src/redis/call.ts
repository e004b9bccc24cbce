import { RepriseError } from '../errors.ts'
import type { Breaker } from './breaker.ts'
import { makeDeadlines } from './deadline.ts'
import { type Link, dropSilent } from './link.ts'
import { plainError } from './plain-error.ts'
import type { RedisSettings } from './settings.ts'

/** What a call is to its caller: how it is named in errors, and whether it may have changed something. */
export interface Operation<T> {
  readonly name: string
  readonly code: 'E_TIER_READ' | 'E_TIER_WRITE'
  /** How many keys it is about, for errors. */
  readonly keys?: number
  /** Milliseconds instead of the usual deadline. */
  readonly deadline?: number
  /** Gets a result that came after the caller was told that there is none, and where it came from. */
  readonly late?: (result: T, link: Link) => void
}

/** Sends to a connection and gives up in time. */
export type Call = <T>(operation: Operation<T>, send: (link: Link) => Promise<T>) => Promise<T>

/** Error replies of a Cluster whose slots move, the last as ioredis sums them up: nothing was done, but all are well. */
const moving = /^(TRYAGAIN|ASK|MOVED|Too many Cluster redirections)\b/
/** Error replies of a server that is changing: nothing was done, and the next moment it may be. */
const passing = /^(CLUSTERDOWN|LOADING|READONLY|MASTERDOWN)\b/
/** Any error reply: the server is there and answers. */
const answered = /^-?[A-Z][A-Z0-9_]+ /

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/**
 * Calls go out on the next connection, at most until their deadline; after an error reply that passes they are
 * repeated, after a lost connection never, since they may have been done. Failures open the breaker.
 */
export function makeCall(settings: RedisSettings, next: () => Link | undefined, breaker: Breaker): Call {
  const { clock } = settings
  // A client that was given is not ours to disconnect; that of a Cluster watches each of its nodes itself.
  const owned = settings.client === undefined && settings.addresses.cluster === undefined
  const begin = makeDeadlines(clock, settings.deadline)

  return (operation, send) => {
    const { name, code, deadline = settings.deadline } = operation
    const failure = (why: string, extra: { cause?: unknown; retryAfter?: number } = {}): RepriseError => {
      const { keys } = operation
      return new RepriseError(
        code,
        `redis ${name}${keys === undefined ? '' : ` of ${keys} keys`}: ${why}`,
        extra,
      )
    }
    const ticket = breaker.enter()
    if (ticket === undefined) {
      const retryAfter = breaker.retryAfter()
      return Promise.reject(
        failure(`not sent, since the server did not answer lately; the next try is in ${retryAfter} ms`, {
          retryAfter,
        }),
      )
    }
    return new Promise((resolve, reject) => {
      let over = false
      let pause = 5
      let sent: Link | undefined
      /** What the last passing reply was. */
      let heard: string | undefined
      const last = (): string => (heard === undefined ? '' : `; the last one was ${heard}`)
      const finish = (healthy: boolean | undefined): void => {
        over = true
        timer.cancel()
        breaker.settle(ticket, healthy)
      }
      const expire = (): void => {
        // Slots that move for longer than this say nothing against the others.
        finish(heard !== undefined && moving.test(heard))
        if (sent !== undefined && owned) dropSilent(sent, clock.now())
        const advice = code === 'E_TIER_WRITE' && sent !== undefined ? '; it may still be done' : ''
        reject(failure(`no answer within the deadline of ${deadline} ms${last()}${advice}`))
      }
      const timer =
        deadline === settings.deadline
          ? begin(expire)
          : clock.setTimeout(expire, deadline, { background: true })
      const attempt = (): void => {
        if (over) return
        const link = next()
        if (link === undefined || link.client.status !== 'ready') {
          // It has connected and is not told what it needs to be ready.
          if (link?.client.status === 'connect' && owned) dropSilent(link, clock.now())
          finish(false)
          reject(
            failure(`not sent, there is no connection (${link?.client.status ?? 'closed'})${last()}`, {
              retryAfter: settings.deadline,
            }),
          )
          return
        }
        sent = link
        link.since ??= clock.now()
        send(link).then(
          (result) => {
            link.since = undefined
            if (over) return operation.late?.(result, link)
            finish(true)
            resolve(result)
          },
          (error: unknown) => {
            if (over) return
            const message = messageOf(error)
            if (answered.test(message)) link.since = undefined
            if (passing.test(message) || moving.test(message)) {
              heard = message
              clock.setTimeout(attempt, pause, { background: true })
              pause *= 2
              return
            }
            finish(answered.test(message))
            reject(RepriseError.is(error) ? error : failure(message, { cause: plainError(error) }))
          },
        )
      }
      attempt()
    })
  }
}
