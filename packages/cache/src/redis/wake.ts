import type { Shared } from '../cluster/shared.ts'
import type { RedisClient, RedisListener } from './client.ts'
import { linkTo, whenReady } from './link.ts'
import type { RedisSettings } from './settings.ts'

/** Hears of ended leases, on a connection that is made with the first listener. */
export interface Wakes extends Pick<Shared, 'onWake'> {
  close(): void
}

/** What wake-ups need of the store around them. */
export interface WakeContext {
  readonly settings: RedisSettings
  readonly channel: string
  /** A client to make this one's connection from. */
  readonly client: () => RedisClient
  readonly onError: (error: unknown) => void
}

/** Wake-ups of a channel. A client subscribes again by itself after a lost connection; what came meanwhile is lost. */
export function makeWakes(context: WakeContext): Wakes {
  const { settings, channel, onError } = context
  const listeners = new Set<(key: string) => void>()
  let stop: (() => void) | undefined
  let begun: Promise<void> | undefined
  let closed = false

  const begin = async (): Promise<void> => {
    const link = linkTo(context.client().duplicate(), onError)
    const { client } = link
    const hear: RedisListener = (from, payload) => {
      if (String(from) !== channel) return
      const key = String(payload)
      for (const listener of listeners) listener(key)
    }
    stop = () => {
      client.off('messageBuffer', hear)
      link.detach()
      client.disconnect()
    }
    client.on('messageBuffer', hear)
    try {
      await whenReady(client, settings.patience, settings.clock)
      await client.subscribe(channel)
    } catch (error) {
      stop()
      begun = undefined
      throw error
    }
  }

  return {
    async onWake(listener) {
      if (closed) throw new Error('redis onWake: closed')
      // Each call has an entry of its own, so that one listener given twice is stopped one at a time.
      const own = (key: string): void => listener(key)
      begun ??= begin()
      await begun
      listeners.add(own)
      return async () => {
        listeners.delete(own)
      }
    },
    close() {
      closed = true
      listeners.clear()
      stop?.()
    },
  }
}
