import { Redis } from 'ioredis'
import { RateLimiterMemory, RateLimiterRedis, type RateLimiterRes } from 'rate-limiter-flexible'
import { HttpError } from '../http/http-error.ts'
import type { Caller } from './authenticate.ts'

/** How many requests of one caller, and how many wrong tokens of one address, a minute takes. */
export interface RateLimit {
  /** Counts a request of a caller. @throws HttpError 429 when there were too many in this minute */
  count(caller: Caller): Promise<void>
  /** @throws HttpError 429 when too many tokens from an address were wrong in this minute */
  admit(address: string): Promise<void>
  /** Counts a wrong token. */
  refused(address: string): Promise<void>
  close(): void
}

/** Wrong tokens of one address and minute; counted by each process on its own. */
const mostRefused = 100
const minute = 60

/** Makes the limit; with Redis all processes count together, and each on its own while it is away. */
export function createRateLimit(options: {
  /** Requests of one caller in a minute; 0 for no limit. */
  readonly perMinute: number
  readonly redisUrl: string | undefined
  /** Begins the names of the keys in Redis. */
  readonly prefix: string
  readonly onError: (error: unknown) => void
}): RateLimit {
  const { perMinute, redisUrl, prefix, onError } = options
  const inProcess = new RateLimiterMemory({ points: perMinute, duration: minute })
  const wrong = new RateLimiterMemory({ points: mostRefused, duration: minute })
  /** When a token was wrong, by whichever address: for a minute after it the counts have to be looked at. */
  let refusedAt = -Infinity
  const redis = redisUrl === undefined || perMinute === 0 ? undefined : connect(redisUrl, onError)
  const requests =
    redis === undefined
      ? inProcess
      : new RateLimiterRedis({
          storeClient: redis,
          keyPrefix: `${prefix}:rate`,
          points: perMinute,
          duration: minute,
          insuranceLimiter: inProcess,
          rejectIfRedisNotReady: true,
          // Who is over the limit costs Redis nothing more until the minute is over.
          inMemoryBlockOnConsumed: perMinute + 1,
        })

  return {
    async count({ id, by }) {
      if (perMinute === 0) return
      const full = await requests.consume(`${by}:${id}`).then(
        () => undefined,
        (reason: unknown) => reason,
      )
      if (full !== undefined) throw tooMany(full, `More than ${perMinute} requests in a minute`)
    },
    async admit(address) {
      if (performance.now() - refusedAt > minute * 1_000) return
      const tries = await wrong.get(address)
      if (tries !== null && tries.consumedPoints >= mostRefused) {
        throw tooMany(tries, 'Too many wrong tokens from this address')
      }
    },
    async refused(address) {
      refusedAt = performance.now()
      await wrong.penalty(address)
    },
    close: () => redis?.disconnect(),
  }
}

function connect(url: string, onError: (error: unknown) => void): Redis {
  const redis = new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: 150 })
  redis.on('error', onError)
  return redis
}

/** What the limiters reject with is a count, except for their own errors. */
function tooMany(reason: unknown, message: string): unknown {
  if (reason instanceof Error) return reason
  const wait = Math.max(1, Math.ceil((reason as RateLimiterRes).msBeforeNext / 1000))
  return new HttpError(429, `${message}; try again in ${wait} s`, {
    headers: { 'retry-after': String(wait) },
  })
}
