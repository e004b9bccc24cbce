import type { Clock } from '@reprise/cache'
import type { RedisArgument } from '@reprise/cache/redis'
import type { TimelineRedis } from './redis.ts'
import type { Script } from './script.ts'
import type { TimelineSettings } from './settings.ts'

/** Calls that end by their deadline and never reject. */
export interface Call {
  /** Runs a script on a key; undefined when the server did not do it in time, as far as is known. */
  run(script: Script, key: string, ...args: RedisArgument[]): Promise<Reply | undefined>
  /** Whether a call would go out now. */
  readonly ready: boolean
}

/** What a script answered. */
export interface Reply {
  readonly reply: unknown
}

/** How long a server that failed is left alone, in milliseconds: then one call goes out to see whether it is back. */
const pause = 500
/** The shortest time between two errors that are told, in milliseconds. */
const quiet = 5_000

/**
 * Calls of a client. After a failure the server is left alone for a moment, so a
 * server that is frozen costs one deadline every half second, not one with every call.
 */
export function createCall(client: TimelineRedis, settings: TimelineSettings): Call {
  const { clock, deadline, onError } = settings
  let restUntil = -Infinity
  let toldAt = -Infinity

  const failed = (error: Error): void => {
    const now = clock.now()
    restUntil = now + pause
    if (now >= toldAt && now - toldAt < quiet) return
    toldAt = now
    onError(error)
  }
  // A clock that was turned back must not prolong the rest.
  const rests = (now: number): boolean => now < restUntil && restUntil - now <= pause

  return {
    get ready() {
      return client.status === 'ready' && !rests(clock.now())
    },
    async run(script, key, ...args) {
      const now = clock.now()
      if (client.status !== 'ready' || rests(now)) return undefined
      // Until this call has answered, the others rest on.
      if (restUntil !== -Infinity) restUntil = now + pause
      try {
        const reply = await inTime(clock, send(client, script, key, args), { deadline, name: script.name })
        restUntil = -Infinity
        return { reply }
      } catch (error) {
        failed(plainError(script, error))
        return undefined
      }
    },
  }
}

async function send(
  client: TimelineRedis,
  { digest, source }: Script,
  key: string,
  args: readonly RedisArgument[],
): Promise<unknown> {
  try {
    return await client.callBuffer('EVALSHA', digest, 1, key, ...args)
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
    return client.callBuffer('EVAL', source, 1, key, ...args)
  }
}

/** What a promise settles to, or an error at the deadline; the promise is heard either way. */
function inTime<T>(
  clock: Clock,
  work: Promise<T>,
  { deadline, name }: { readonly deadline: number; readonly name: string },
): Promise<T> {
  return new Promise((resolve, reject) => {
    // Through setImmediate, so that after a pause of this process answers that are there already go first.
    const expire = (): void =>
      void setImmediate(() => reject(new Error(`no answer to ${name} within the deadline of ${deadline} ms`)))
    const timer = clock.setTimeout(expire, deadline, { background: true })
    work.then(resolve, reject).finally(() => timer.cancel())
  })
}

/** An error of a client without the command, whose arguments are payloads. */
function plainError(script: Script, error: unknown): Error {
  const why = error instanceof Error ? error.message : String(error)
  return new Error(
    `Redis could not ${script.name} a session's timeline (${why}): the database answers instead`,
  )
}
