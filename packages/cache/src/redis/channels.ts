import type { RedisClient, RedisListener } from './client.ts'
import { linkTo, whenReady } from './link.ts'
import type { RedisSettings } from './settings.ts'

/** Hears of messages, on a connection that is made with the first listener. */
export interface Channels {
  /**
   * Hears the messages of a channel; some may be lost, all of them while the connection is. Resolves, when the server
   * has confirmed it, with what stops it; the server goes on sending to a channel that `stays`.
   */
  listen(
    channel: string,
    listener: (message: string) => void,
    options?: { readonly stays?: boolean },
  ): Promise<() => Promise<void>>
  close(): void
}

/** What channels need of the store around them. */
export interface ChannelContext {
  readonly settings: RedisSettings
  /** A client to make this one's connection from. */
  readonly client: () => RedisClient
  readonly onError: (error: unknown) => void
}

/** One channel with those who hear it. */
interface Channel {
  readonly listeners: Set<(message: string) => void>
  readonly confirmed: Promise<unknown>
}

/** Messages of channels. A client subscribes again by itself after a lost connection; what came meanwhile is lost. */
export function makeChannels({ settings, client: base, onError }: ChannelContext): Channels {
  const channels = new Map<string, Channel>()
  let connection: { readonly ready: Promise<RedisClient>; stop(): void } | undefined
  let closed = false

  function connect(): NonNullable<typeof connection> {
    const link = linkTo(base().duplicate(), onError)
    const { client } = link
    const hear: RedisListener = (from, payload) => {
      const message = String(payload)
      for (const listener of channels.get(String(from))?.listeners ?? []) listener(message)
    }
    client.on('messageBuffer', hear)
    const stop = (): void => {
      client.off('messageBuffer', hear)
      link.detach()
      client.disconnect()
    }
    const ready = whenReady(client, settings.patience, settings.clock).then(
      () => client,
      (error: unknown) => {
        stop()
        connection = undefined
        throw error
      },
    )
    return { ready, stop }
  }

  async function subscribe(channel: string): Promise<unknown> {
    connection ??= connect()
    return (await connection.ready).subscribe(channel)
  }

  async function leave(channel: string): Promise<void> {
    if (channels.get(channel)?.listeners.size !== 0) return
    channels.delete(channel)
    if (closed) return
    await (await connection?.ready)?.unsubscribe(channel)
    // Somebody may have come back while the server was told.
    if (channels.has(channel)) await subscribe(channel)
  }

  return {
    async listen(channel, listener, { stays = false } = {}) {
      if (closed) throw new Error('redis listen: closed')
      // Each call has an entry of its own, so that one listener given twice is stopped one at a time.
      const own = (message: string): void => listener(message)
      let open = channels.get(channel)
      if (open === undefined) {
        channels.set(channel, (open = { listeners: new Set(), confirmed: subscribe(channel) }))
      }
      open.listeners.add(own)
      try {
        await open.confirmed
      } catch (error) {
        if (channels.get(channel) === open) channels.delete(channel)
        throw error
      }
      const { listeners } = open
      return async () => {
        listeners.delete(own)
        if (!stays) await leave(channel)
      }
    },
    close() {
      closed = true
      channels.clear()
      connection?.stop()
    },
  }
}
