import type { Position } from '../entry/entry.ts'
import { RepriseError } from '../errors.ts'
import type { LogRecord, Shared, SharedHead } from '../cluster/shared.ts'
import type { RedisClient } from './client.ts'
import type { Heads } from './head.ts'
import type { CatalogKeys } from './keys.ts'
import { type Link, linkTo, together, whenReady } from './link.ts'
import { type StoredRecord, readRecords } from './log.ts'
import { plainError } from './plain-error.ts'
import type { RedisSettings } from './settings.ts'

/** Most records of one answer. */
const page = 1_000
/** Longest wait at the server: below the silence after which a connection is taken for dead. */
const longestWait = 2_000

/** Follows the log on a connection of its own, since waiting there would hold up everything behind it. */
export interface Follower extends Pick<Shared, 'next'> {
  /** Records and head after a position over a connection of the caller's, in one round trip. */
  fetch(at: Link, after: Position, wait: number): ReturnType<Shared['next']>
  close(): void
}

/** What a follower needs of the store around it. */
export interface FollowerContext {
  readonly settings: RedisSettings
  readonly heads: Heads
  readonly names: CatalogKeys
  /** A client to make this one's connection from. */
  readonly client: () => RedisClient
  readonly onError: (error: unknown) => void
}

/** A follower that connects at its first call. */
export function makeFollower(context: FollowerContext): Follower {
  const { settings, heads, names, onError } = context
  const { clock, deadline } = settings
  let link: Link | undefined
  let closed = false

  const readAfter = async ({ client }: Link, n: number, wait: number): Promise<readonly StoredRecord[]> => {
    const block = wait > 0 ? ['BLOCK', Math.ceil(wait)] : []
    return readRecords(
      await client.callBuffer('XREAD', 'COUNT', page, ...block, 'STREAMS', names.log, `${n}-0`),
    )
  }

  /** Records and head in one round trip: the server reads the head once the wait is over. */
  const fetch = async (at: Link, after: Position, wait: number): ReturnType<Shared['next']> => {
    const [stored, head] = await together(at.client, () =>
      Promise.all([readAfter(at, after.n, wait), heads.read(at)]),
    )
    if (stored.length > 0 || head.era !== after.era || head.n <= after.n) return judge(after, head, stored)
    // Something was written after the wait and before the head was read, or the log is cut.
    return judge(after, head, await readAfter(at, after.n, 0))
  }

  return {
    fetch,
    next(after, wait) {
      const failure = (why: string, cause?: unknown): RepriseError =>
        new RepriseError('E_TIER_READ', `redis next: ${why}`, cause === undefined ? {} : { cause })
      if (closed) return Promise.reject(failure('closed'))
      link ??= linkTo(context.client().duplicate(), onError)
      const at = link
      const blocking = Math.min(Math.max(0, wait), longestWait)
      return new Promise((resolve, reject) => {
        const timer = clock.setTimeout(
          () => {
            reject(failure(`no answer within ${blocking} ms and the deadline of ${deadline} ms`))
            // What is behind a command that does not return does not return either.
            if (at.client.status === 'ready') at.client.disconnect(true)
          },
          blocking + deadline,
          { background: true },
        )
        whenReady(at.client, deadline, clock)
          .then(() => fetch(at, after, blocking))
          .then(resolve, (error: unknown) =>
            reject(failure(error instanceof Error ? error.message : String(error), plainError(error))),
          )
          .finally(() => timer.cancel())
          .catch(() => {})
      })
    },
    close() {
      closed = true
      link?.detach()
      link?.client.disconnect()
    },
  }
}

/** Whether the records follow a position without a hole, up to the head that was read after them. */
function judge(
  after: Position,
  head: SharedHead,
  stored: readonly StoredRecord[],
): Awaited<ReturnType<Shared['next']>> {
  const gap = { head, records: [], gap: true }
  if (head.era !== after.era || head.n < after.n) return gap
  if (stored.length === 0) return head.n > after.n ? gap : { head, records: [], gap: false }
  const records: LogRecord[] = []
  for (const { era, record } of stored) {
    if (era !== after.era || record.n !== after.n + records.length + 1) return gap
    records.push(record)
  }
  return { head, records, gap: false }
}
