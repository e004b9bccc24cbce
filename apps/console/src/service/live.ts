import { ApiError, type LiveEvent } from '@reprise/api'
import { endSession, sessionNow } from '../session/session.ts'
import { client, renewSession } from './call.ts'

/** Who is told of each live event. */
export type LiveListener = (event: LiveEvent) => void

const listeners = new Set<LiveListener>()
const watchers = new Set<() => void>()
let connection: AbortController | undefined
let connected = false

function tell(now: boolean): void {
  connected = now
  for (const watcher of watchers) watcher()
}

async function follow(signal: AbortSignal): Promise<void> {
  const token = sessionNow().session?.token
  try {
    tell(true)
    for await (const event of client.events({ signal })) {
      for (const listener of listeners) listener(event)
    }
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) return
    if (await renewSession(token).catch(() => false)) return follow(signal)
    endSession('ended')
  } finally {
    if (connection?.signal === signal) connection = undefined
    tell(false)
  }
}

/** Calls `listener` for each live event; all listeners share one connection, which ends with the last of them. */
export function listenLive(listener: LiveListener): () => void {
  listeners.add(listener)
  if (connection === undefined) {
    connection = new AbortController()
    void follow(connection.signal)
  }
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    connection?.abort()
    connection = undefined
  }
}

/** Whether live events come. */
export const isLive = (): boolean => connected

/** Calls `watcher` when live events begin or cease to come. */
export function watchLive(watcher: () => void): () => void {
  watchers.add(watcher)
  return () => watchers.delete(watcher)
}
