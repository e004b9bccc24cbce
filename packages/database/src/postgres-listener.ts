// One client listens for the whole database, apart from the pool, so that a busy pool never delays a message.
// It is made by the first listen() and ended by the last unlisten or close(). When its connection is lost it is
// made again with a growing delay, listens to every channel again, and then calls every onReconnect: messages sent
// in between are gone, so nobody may rely on messages alone.
import { Client } from 'pg'
import type { ClientConfig } from 'pg'
import { setTimeout as delay } from 'node:timers/promises'
import { createChannels, quoteChannel } from './channels.ts'
import type { Listener } from './channels.ts'
import { connectError } from './postgres-address.ts'
import { statementError } from './statement-error.ts'

/** The listening half of a PostgreSQL database. */
export interface PostgresListener {
  /** Starts listening; throws E_DATABASE_OPTION or E_DATABASE_UNREACHABLE. Returns the function that stops. */
  listen(channel: string, listener: Listener): Promise<() => Promise<void>>
  /** Stops everything, reconnection included. */
  close(): Promise<void>
}

/** What a listener needs: how to connect, how to name the server, where failures of the background go. */
export interface PostgresListenerSettings {
  readonly connection: ClientConfig
  readonly address: string
  readonly onError: (error: Error) => void
}

const shortestDelay = 100
const longestDelay = 5000

/** Makes a listener that connects when it is first used. */
export function createPostgresListener(settings: PostgresListenerSettings): PostgresListener {
  const { address, onError } = settings
  const channels = createChannels(onError)
  let client: Client | undefined
  let reconnecting: Promise<void> | undefined
  let stop = new AbortController()
  let tail: Promise<unknown> = Promise.resolve()

  // Connecting, LISTEN and UNLISTEN go one after another, so that none sees a half-made client.
  function inOrder<T>(step: () => Promise<T>): Promise<T> {
    const result = tail.then(step)
    tail = result.catch(() => undefined)
    return result
  }

  async function connect(): Promise<Client> {
    const made = new Client({ ...settings.connection, keepAlive: true, keepAliveInitialDelayMillis: 10_000 })
    let live = false
    let over = false
    made.on('notification', ({ channel, payload }) => channels.deliver(channel, payload ?? ''))
    made.on('error', (error) => {
      if (live) onError(connectError(error, address, ''))
    })
    made.on('end', () => {
      over = true
      if (client === made) lost()
    })
    try {
      await made.connect()
      for (const name of channels.names()) await made.query(`listen ${quoteChannel(name)}`)
      if (over) throw new Error('the connection ended at once')
    } catch (error) {
      await made.end().catch(() => undefined)
      throw connectError(error, address, '')
    }
    live = true
    client = made
    return made
  }

  function lost(): void {
    client = undefined
    reconnecting ??= reconnect(stop.signal).finally(() => {
      reconnecting = undefined
    })
  }

  async function reconnect(signal: AbortSignal): Promise<void> {
    for (let wait = shortestDelay; !signal.aborted; wait = Math.min(wait * 2, longestDelay)) {
      try {
        await delay(wait, undefined, { signal })
        // oxlint-disable-next-line no-await-in-loop
        await inOrder(async () => {
          if (!signal.aborted && client === undefined) await connect()
        })
        if (!signal.aborted) channels.reconnected()
        return
      } catch (error) {
        if (!signal.aborted && error instanceof Error) onError(error)
      }
    }
  }

  async function disconnect(): Promise<void> {
    stop.abort()
    stop = new AbortController()
    const ending = client
    client = undefined
    await ending?.end()
  }

  return {
    async listen(channel, listener) {
      const name = quoteChannel(channel)
      await inOrder(async () => {
        const first = channels.add(channel, listener)
        try {
          if (client === undefined) await connect()
          else if (first) await client.query(`listen ${name}`)
        } catch (error) {
          channels.remove(channel, listener)
          throw statementError(error, `listen ${name}`, address)
        }
      })
      return () =>
        inOrder(async () => {
          if (!channels.remove(channel, listener)) return
          if (channels.names().length === 0) await disconnect()
          // A client that is just being lost has forgotten the channel anyway.
          else await client?.query(`unlisten ${name}`).catch(() => undefined)
        })
    },
    close: () => inOrder(disconnect),
  }
}
