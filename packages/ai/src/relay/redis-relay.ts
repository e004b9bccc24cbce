import { type Clock, type Duration, type Timer, milliseconds, systemClock } from '@reprise/cache'
import type { RedisShared } from '@reprise/cache/redis'
import { randomUUID } from 'node:crypto'
import { restored, storable } from '../stored-value.ts'
import { followStream } from './follow-stream.ts'
import type { RelayWriter, StreamRelay } from './stream-relay.ts'

/** What a relay over Redis takes. */
export interface RedisRelayOptions {
  /** How long a stream stays when nothing more is told of it: its process died, or it ended. @default '30s' */
  readonly keepFor?: Duration
  /** A longer answer is told no further, and had from the cache when it is whole; bytes of JSON. @default 8 MiB */
  readonly maxBytes?: number
  /** How often who follows looks whether a message was lost. @default '1s' */
  readonly lookEvery?: Duration
  /** @default the machine's clock */
  readonly clock?: Clock
}

/** The stream of a key, and the channel that tells of it: in the slot of the key, beside its lease. */
const streamOf = (key: string): string => `{${key}}:p`

/**
 * A relay over one Redis stream for each call under way, on the connections of the cache's own store: in its deadline, and
 * silent while its breaker is open. Who comes late reads from the beginning. A stream names the position of the log from before
 * its call, and is followed by nobody who comes after an invalidation that is newer. @throws E_OPTION_INVALID
 */
export function redisRelay(shared: RedisShared, options: RedisRelayOptions = {}): StreamRelay {
  const { clock = systemClock, maxBytes = 8 * 1_048_576 } = options
  const keepFor = milliseconds(options.keepFor ?? '30s', 'keepFor')
  const lookEvery = milliseconds(options.lookEvery ?? '1s', 'lookEvery')

  /** Adds an entry for those who follow; the first of a call takes the place of what was there. */
  async function add(key: string, fields: readonly string[], first: boolean): Promise<void> {
    const stream = streamOf(key)
    await shared.run('relay', async (client) => {
      const removed = first ? [client.callBuffer('DEL', stream)] : []
      await Promise.all([
        ...removed,
        client.callBuffer('XADD', stream, '*', ...fields),
        client.callBuffer('PEXPIRE', stream, keepFor),
        client.callBuffer('PUBLISH', stream, ''),
      ])
    })
  }

  async function begin(key: string): Promise<RelayWriter> {
    const call = randomUUID()
    let waiting: string[] = []
    let bytes = 0
    let broken = false
    let beat: Timer | undefined
    /** One entry at a time: they must come in their order, and what comes meanwhile goes out together. */
    let turn = Promise.resolve()

    function send(kind: string, data: () => string, first = false): Promise<void> {
      turn = turn.then(async () => {
        if (broken) return
        try {
          await add(key, ['c', call, 'k', kind, 'd', data()], first)
        } catch {
          drop()
        }
      })
      return turn
    }

    function drop(): void {
      broken = true
      beat?.cancel()
      waiting = []
    }

    function keepAlive(): void {
      beat = clock.setTimeout(
        () => {
          void shared
            .run('relay', (client) => client.callBuffer('PEXPIRE', streamOf(key), keepFor))
            .catch(() => {})
          keepAlive()
        },
        keepFor / 3,
        { background: true },
      )
    }

    function flush(): void {
      void send('parts', () => {
        const parts = waiting
        waiting = []
        return `[${parts.join(',')}]`
      })
    }

    async function end(kind: 'answered' | 'failed', value: unknown): Promise<void> {
      beat?.cancel()
      let text = ''
      try {
        text = value === undefined ? '' : JSON.stringify(storable(value))
      } catch {
        return drop()
      }
      if (bytes + text.length > maxBytes) return drop()
      await send(kind, () => text)
    }

    try {
      const { era, n } = await shared.head()
      void send('begun', () => JSON.stringify({ era, n }), true)
      keepAlive()
    } catch {
      drop()
    }
    return {
      push(part) {
        if (broken) return
        try {
          const text = JSON.stringify(storable(part))
          bytes += text.length
          if (bytes > maxBytes) return drop()
          waiting.push(text)
          if (waiting.length === 1) flush()
        } catch {
          drop()
        }
      },
      answered: async (answer) => end('answered', answer),
      failed: async (message) => end('failed', message),
      drop,
    }
  }

  return {
    begin,
    follow: (key, listener) =>
      followStream(shared, { key, stream: streamOf(key), clock, lookEvery, restore: restored, listener }),
  }
}
