import type { ListenOptions } from './database.ts'
import { DatabaseError } from './errors.ts'

/** One registered listener of a channel. */
export interface Listener extends ListenOptions {
  readonly onMessage: (payload: string) => void
}

/** Who listens to what, in this process; both engines keep one. */
export interface Channels {
  /** The channels somebody listens to. */
  names(): string[]
  /** Adds a listener and tells whether it is the channel's first. */
  add(channel: string, listener: Listener): boolean
  /** Removes a listener and tells whether it was the channel's last. */
  remove(channel: string, listener: Listener): boolean
  /** Hands a payload to every listener of the channel. */
  deliver(channel: string, payload: string): void
  /** Calls every `onReconnect`. */
  reconnected(): void
}

/** Makes an empty set of channels; an error that a listener throws goes to `onError`, not to the others. */
export function createChannels(onError: (error: Error) => void): Channels {
  const channels = new Map<string, Set<Listener>>()

  function guarded(call: () => void): void {
    try {
      call()
    } catch (error) {
      onError(error instanceof Error ? error : new Error(String(error)))
    }
  }

  return {
    names: () => [...channels.keys()],
    add(channel, listener) {
      const listeners = channels.get(channel)
      if (listeners === undefined) channels.set(channel, new Set([listener]))
      else listeners.add(listener)
      return listeners === undefined
    },
    remove(channel, listener) {
      const listeners = channels.get(channel)
      if (listeners?.delete(listener) !== true || listeners.size > 0) return false
      return channels.delete(channel)
    },
    deliver(channel, payload) {
      for (const listener of channels.get(channel) ?? []) {
        guarded(() => listener.onMessage(payload))
      }
    },
    reconnected() {
      for (const listener of [...channels.values()].flatMap((listeners) => [...listeners])) {
        guarded(() => listener.onReconnect?.())
      }
    },
  }
}

/** The channel as a quoted SQL identifier; throws E_DATABASE_OPTION unless it is 1 to 63 of `A-Za-z0-9_.:-`. */
export function quoteChannel(channel: string): string {
  if (/^[A-Za-z_][\w.:-]{0,62}$/.test(channel)) return `"${channel}"`
  throw new DatabaseError(
    'E_DATABASE_OPTION',
    `Channel ${JSON.stringify(channel.slice(0, 80))} is not a channel name: ` +
      'begin with a letter or _, then up to 62 letters, digits or _ . : -',
  )
}
