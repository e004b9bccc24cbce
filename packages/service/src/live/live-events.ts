/**
 * What happens in this process, for whoever watches. Events are kept in a ring of bounded size; a listener is only a
 * place in it, so a slow one costs nothing and one that comes back goes on where it was. With nobody listening nothing
 * is built: sources are switched on by the first listener and off half a minute after the last, which is how long a
 * client may be away without missing anything. A ring that was switched off is another one: its ids begin anew.
 */
import { randomBytes } from 'node:crypto'
import type { LiveEventType, liveEventData } from '@reprise/api'
import type { Clock, Timer } from '@reprise/cache'
import type { z } from 'zod'

/** An event as it goes out. */
export interface LiveItem {
  /** One more than that of the event before it. */
  readonly n: number
  readonly type: LiveEventType
  /** The event as text of a stream (the HTML standard's server-sent events). */
  readonly frame: string
}

/** What an event of a type carries. */
export type LiveData<Type extends LiveEventType> = z.input<(typeof liveEventData)[Type]>

/** Something that tells of events while there are listeners. */
export interface LiveSource {
  /** Begins; the function returned ends it. */
  start(live: Pick<LiveEvents, 'publish'>): () => void
  /** Called at the end of each second, before what it left out is told. */
  tick?(live: Pick<LiveEvents, 'publish'>): void
}

/** The events of this process. */
export interface LiveEvents {
  /** Tells an event, if anybody listens; what is beyond `perSecond` of its type is counted and told as `skipped`. */
  publish<Type extends LiveEventType>(type: Type, data: LiveData<Type>): void
  /** Whether an event would be told: what is dear to make is made only then. */
  readonly heard: boolean
  readonly listeners: number
  /** Calls back when there are new events, once for those of a turn of the event loop; the function returned ends it. */
  listen(wake: () => void): () => void
  /** The number of the newest event. */
  readonly newest: number
  /** The event after a number; undefined when there is none yet, `lost` when it is not kept any more. */
  after(n: number): LiveItem | 'lost' | undefined
  /** The id of an event, to go on after it. */
  idOf(n: number): string
  /** The number that an id is of; undefined where it is of another ring or is none. */
  numberOf(id: string): number | undefined
  /** Switches the sources off, now and for ever. */
  close(): void
}

/** How much is kept and told. */
export interface LiveOptions {
  readonly clock: Clock
  readonly sources: readonly LiveSource[]
  /** Events kept at most. @default 2000 */
  readonly keep?: number
  /** Their bytes at most. @default 2 MiB */
  readonly keepBytes?: number
  /** Events of one type that are told in a second. @default 50 */
  readonly perSecond?: number
  /** Milliseconds for which events are kept with nobody listening. @default 30 000 */
  readonly linger?: number
}

const second = 1_000
/** Types that tell of others, or are told once a second. */
const unlimited: ReadonlySet<LiveEventType> = new Set(['hit', 'skipped', 'alarm'])

/** The events of a process, with nobody listening yet. */
export function createLiveEvents(options: LiveOptions): LiveEvents {
  const {
    clock,
    sources,
    keep = 2_000,
    keepBytes = 2 * 1024 * 1024,
    perSecond = 50,
    linger = 30_000,
  } = options
  const wakes = new Set<() => void>()
  const told = new Map<LiveEventType, number>()
  const ring: LiveItem[] = []
  let epoch = ''
  let newest = 0
  let bytes = 0
  let stops: (() => void)[] | undefined
  let timer: Timer | undefined
  let lastLeft = 0
  let waking = false
  let closed = false

  function append(type: LiveEventType, data: unknown): void {
    newest += 1
    const body = JSON.stringify({ at: new Date(clock.now()).toISOString(), data })
    const item = { n: newest, type, frame: `id: ${epoch}-${newest}\nevent: ${type}\ndata: ${body}\n\n` }
    ring.push(item)
    bytes += item.frame.length
    while (ring.length > keep || (bytes > keepBytes && ring.length > 1))
      bytes -= ring.shift()?.frame.length ?? 0
    if (waking) return
    waking = true
    // Not at once: what is told in the middle of a read must not take the read's time.
    setImmediate(() => {
      waking = false
      for (const wake of wakes) wake()
    })
  }

  function tick(): void {
    for (const source of sources) source.tick?.(live)
    const skipped = [...told].filter(([, count]) => count > perSecond)
    if (skipped.length > 0)
      append('skipped', {
        events: Object.fromEntries(skipped.map(([type, count]) => [type, count - perSecond])),
      })
    told.clear()
    if (wakes.size === 0 && clock.now() - lastLeft >= linger) stop()
    else timer = clock.setTimeout(tick, second, { background: true })
  }

  function start(): void {
    if (stops !== undefined || closed) return
    epoch = randomBytes(6).toString('hex')
    stops = sources.map((source) => source.start(live))
    timer = clock.setTimeout(tick, second, { background: true })
  }

  function stop(): void {
    stops?.forEach((end) => end())
    stops = undefined
    timer?.cancel()
    ring.length = bytes = 0
    told.clear()
  }

  const live: LiveEvents = {
    publish(type, data) {
      if (stops === undefined) return
      const count = (told.get(type) ?? 0) + 1
      if (!unlimited.has(type)) told.set(type, count)
      if (unlimited.has(type) || count <= perSecond) append(type, data)
    },
    get heard() {
      return stops !== undefined
    },
    get listeners() {
      return wakes.size
    },
    listen(wake) {
      wakes.add(wake)
      start()
      return () => {
        wakes.delete(wake)
        lastLeft = clock.now()
      }
    },
    get newest() {
      return newest
    },
    after(n) {
      if (n >= newest) return undefined
      const oldest = ring[0]
      return oldest === undefined || n < oldest.n - 1 ? 'lost' : ring[n + 1 - oldest.n]
    },
    idOf: (n) => `${epoch}-${n}`,
    numberOf(id) {
      const [, of, n] = /^([0-9a-f]{12})-(\d{1,15})$/.exec(id) ?? []
      return of === epoch && stops !== undefined && Number(n) <= newest ? Number(n) : undefined
    },
    close() {
      closed = true
      stop()
    },
  }
  return live
}
