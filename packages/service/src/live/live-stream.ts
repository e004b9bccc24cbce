import { Readable } from 'node:stream'
import type { LiveEventType } from '@reprise/api'
import type { LiveEvents } from './live-events.ts'

/** What one client reads: it is asked for more by the connection, and takes from the ring what there is. */
export interface LiveStream {
  readonly readable: Readable
  /** Writes a comment where the connection takes one, so that both sides know that it stands. */
  beat(): void
  /** Since when the connection has taken nothing; undefined while it does. Milliseconds of the clock. */
  readonly blockedSince: number | undefined
  /** Ends it well: the client may come back. */
  end(): void
}

/** Which events a client gets, and where it goes on. */
export interface LiveStreamOptions {
  readonly types: ReadonlySet<LiveEventType>
  /** What it saw last; undefined for one that begins now. */
  readonly lastEventId: string | undefined
  readonly now: () => number
  readonly onClose: () => void
}

/** Milliseconds that a client waits before it comes back. */
const retry = 2_000

/** Bytes that wait for the connection beside its own: one or two events. */
const buffer = 4_096

/**
 * A stream of live events. It holds a place in the ring and a few bytes, whatever the client does: one that is so slow
 * that the ring has gone past it is told by `reset`, as is one that comes back too late.
 */
export function openLiveStream(live: LiveEvents, options: LiveStreamOptions): LiveStream {
  const { types, lastEventId, now, onClose } = options
  let wanting = true
  let blockedSince: number | undefined
  let ended = false

  const readable = new Readable({
    highWaterMark: buffer,
    read() {
      wanting = true
      blockedSince = undefined
      pump()
    },
    destroy(error, done) {
      stop()
      onClose()
      done(error)
    },
  })
  const stop = live.listen(() => pump())
  const resumed = lastEventId === undefined ? undefined : live.numberOf(lastEventId)
  let place = resumed ?? live.newest

  function write(text: string): void {
    if (ended || readable.destroyed) return
    wanting = readable.push(text)
    if (!wanting) blockedSince ??= now()
  }
  function reset(reason: 'unknown-id' | 'too-slow'): void {
    place = live.newest
    const data = { at: new Date(now()).toISOString(), data: { reason } }
    write(`id: ${live.idOf(place)}\nevent: reset\ndata: ${JSON.stringify(data)}\n\n`)
  }
  function pump(): void {
    while (wanting && !ended) {
      const item = live.after(place)
      if (item === undefined) return
      if (item === 'lost') {
        reset('too-slow')
        continue
      }
      place = item.n
      if (types.has(item.type)) write(item.frame)
    }
  }

  write(`retry: ${retry}\n: events of this process\n\n`)
  if (lastEventId !== undefined && resumed === undefined) reset('unknown-id')
  pump()

  return {
    readable,
    beat() {
      if (wanting) write(': beat\n\n')
    },
    get blockedSince() {
      return blockedSince
    },
    end() {
      if (ended) return
      ended = true
      // One that takes nothing would keep whoever waits for the end.
      if (wanting) readable.push(null)
      else readable.destroy()
    },
  }
}
