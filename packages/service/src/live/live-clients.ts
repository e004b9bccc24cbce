import type { LiveEventType } from '@reprise/api'
import type { Clock, Timer } from '@reprise/cache'
import type { Readable } from 'node:stream'
import { HttpError } from '../http/http-error.ts'
import type { LiveEvents } from './live-events.ts'
import { type LiveStream, openLiveStream } from './live-stream.ts'

/** Everybody who reads live events of this process. */
export interface LiveClients {
  readonly count: number
  /** Opens the stream of a client. @throws HttpError 503 when there are too many */
  open(client: {
    readonly types: ReadonlySet<LiveEventType>
    readonly lastEventId: string | undefined
    /** What the client may still read is asked with each beat, once for all clients of one token. */
    readonly token: string
  }): Readable
  /** Ends every stream. */
  close(): void
}

/** How clients are kept. */
export interface LiveClientsOptions {
  readonly clock: Clock
  /** Rejects with an HttpError 401 or 403 when a token is not good any more. */
  readonly check: (token: string) => Promise<unknown>
  /** Clients at a time. @default 2000 */
  readonly limit?: number
  /** Milliseconds between two beats. @default 15 000 */
  readonly every?: number
  /** Milliseconds after which a client that takes nothing is dropped. @default 60 000 */
  readonly patience?: number
}

/** Nobody yet. */
export function createLiveClients(live: LiveEvents, options: LiveClientsOptions): LiveClients {
  const { clock, check, limit = 2_000, every = 15_000, patience = 60_000 } = options
  const streams = new Map<LiveStream, string>()
  let timer: Timer | undefined
  let closed = false

  function plan(): void {
    if (timer !== undefined || streams.size === 0) return
    timer = clock.setTimeout(
      () => {
        timer = undefined
        beat()
        plan()
      },
      every,
      { background: true },
    )
  }

  function beat(): void {
    for (const stream of streams.keys()) {
      const { blockedSince } = stream
      if (blockedSince !== undefined && clock.now() - blockedSince >= patience) stream.readable.destroy()
      else stream.beat()
    }
    for (const token of new Set(streams.values())) void drop(token)
  }

  /** Ends the streams of a token that was revoked or has expired; a database that is away revokes nothing. */
  async function drop(token: string): Promise<void> {
    try {
      await check(token)
    } catch (error) {
      if (!(error instanceof HttpError) || (error.status !== 401 && error.status !== 403)) return
      for (const [stream, of] of streams) if (of === token) stream.end()
    }
  }

  return {
    get count() {
      return streams.size
    },
    open({ token, types, lastEventId }) {
      if (closed) throw new HttpError(503, 'The service is closing')
      if (streams.size >= limit) {
        const headers = { 'retry-after': '30' }
        throw new HttpError(503, `There are ${limit} listeners already: try again later`, { headers })
      }
      const stream: LiveStream = openLiveStream(live, {
        types,
        lastEventId,
        now: () => clock.now(),
        onClose: () => {
          streams.delete(stream)
          if (streams.size > 0) return
          timer?.cancel()
          timer = undefined
        },
      })
      streams.set(stream, token)
      plan()
      return stream.readable
    },
    close() {
      closed = true
      for (const stream of streams.keys()) stream.end()
    },
  }
}
