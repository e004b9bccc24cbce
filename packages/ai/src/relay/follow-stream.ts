import type { Clock, Timer } from '@reprise/cache'
import type { RedisShared } from '@reprise/cache/redis'
import type { Following, RelayNews } from './stream-relay.ts'

/** Most entries of one answer. */
const page = 500

/** What is followed, and who hears it. */
export interface StreamToFollow {
  readonly key: string
  readonly stream: string
  readonly clock: Clock
  /** Milliseconds between looks when no message comes. */
  readonly lookEvery: number
  /** A part or an answer, of what its JSON says. */
  readonly restore: (stored: unknown) => unknown
  readonly listener: (news: RelayNews) => void
}

/** One entry of the stream. */
interface StreamEntry {
  readonly id: string
  readonly call: string
  readonly kind: string
  readonly data: string
}

/**
 * Reads a stream from its beginning and on, whenever a message says that there is more. Entries of a call that is not the
 * latest, or that an invalidation has overtaken, are passed over.
 */
export function followStream(shared: RedisShared, target: StreamToFollow): Following {
  const { key, stream, clock, lookEvery, restore, listener } = target
  let last = '-'
  let current: string | undefined
  let stopped = false
  let timer: Timer | undefined
  let stopListening: (() => Promise<void>) | undefined
  let reading: Promise<void> | undefined
  let again = false

  /** Whether nothing that concerns the key was invalidated since the call began. */
  async function isCurrent(data: string): Promise<boolean> {
    const after = JSON.parse(data) as { readonly era: string; readonly n: number }
    const { records, gap } = await shared.since(after)
    // Marks are rare and calls long: one call too many costs a call, one too few an old answer.
    return (
      !gap && records.every(({ marks, keys }) => marks.length === 0 && !keys.some((one) => one.key === key))
    )
  }

  async function hear({ call, kind, data }: StreamEntry): Promise<void> {
    if (kind === 'begun') {
      current = (await isCurrent(data)) ? call : undefined
      if (current !== undefined && !stopped) listener({ kind })
    }
    if (call !== current || stopped) return
    if (kind === 'parts') listener({ kind, parts: (JSON.parse(data) as readonly unknown[]).map(restore) })
    else if (kind === 'answered')
      listener({ kind, answer: data === '' ? undefined : restore(JSON.parse(data)) })
    else if (kind === 'failed') listener({ kind, message: String(JSON.parse(data)) })
  }

  async function readOn(): Promise<void> {
    for (let full = true; full && !stopped;) {
      const from = last === '-' ? last : `(${last}`
      const reply = await shared.run('relay', (client) =>
        client.callBuffer('XRANGE', stream, from, '+', 'COUNT', page),
      )
      const entries = entriesOf(reply)
      for (const entry of entries) {
        await hear(entry)
        last = entry.id
      }
      full = entries.length === page
    }
  }

  /** Reads what there is; while it reads, whoever asks shares one more turn, since his entry may be past this one. */
  function read(): Promise<void> {
    if (reading !== undefined) {
      again = true
      return reading
    }
    reading = (async () => {
      do {
        again = false
        // What cannot be read now is read with the next message or look; the cache has the answer anyway.
        await readOn().catch(() => {})
      } while (again && !stopped)
      reading = undefined
    })()
    return reading
  }

  function look(): void {
    timer = clock.setTimeout(
      () => {
        void read()
        look()
      },
      lookEvery,
      { background: true },
    )
  }

  shared
    .listen(stream, () => void read())
    .then(
      (stop) => {
        if (stopped) stop().catch(() => {})
        else stopListening = stop
        void read()
      },
      () => {},
    )
  look()
  return {
    catchUp: read,
    stop() {
      if (stopped) return
      stopped = true
      timer?.cancel()
      stopListening?.().catch(() => {})
    },
  }
}

function entriesOf(reply: unknown): readonly StreamEntry[] {
  return (reply as readonly [Buffer, readonly Buffer[]][]).map(([id, pairs]) => {
    const fields = new Map<string, string>()
    for (let index = 0; index + 1 < pairs.length; index += 2)
      fields.set(String(pairs[index]), String(pairs[index + 1]))
    return {
      id: String(id),
      call: fields.get('c') ?? '',
      kind: fields.get('k') ?? '',
      data: fields.get('d') ?? '',
    }
  })
}
