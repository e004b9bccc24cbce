import type { LiveEvent, LiveEventType } from './event-routes.ts'
import { readEvents } from './event-stream.ts'

/** Which live events are wanted. */
export interface EventOptions {
  /** @default all that the role may see */
  readonly types?: readonly LiveEventType[]
  /** The id of the last event that was seen, to go on after it. @default from now on */
  readonly lastEventId?: string
  /** Ends the iteration. */
  readonly signal?: AbortSignal
}

/** How a connection is made. */
export interface EventConnection {
  /** @throws ApiError when it was refused or did not get through; the signal's reason when it fires */
  open(headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>
  /** The status of an answer that refuses; undefined for any other error. */
  statusOf(error: unknown): number | undefined
}

/** A connection that brings nothing for so long is dead: the service writes something every 15 seconds. */
const silence = 45_000
/** Longest time between two tries, in milliseconds. */
const longestWait = 30_000

/**
 * Live events as they come. A connection that breaks is made again after a while and goes on after the last event;
 * where events are missing in between, one of the type `reset` says so. Ends when the signal fires.
 * @throws ApiError where the service refuses, or the first connection does not get through
 */
export async function* followEvents(
  connection: EventConnection,
  { lastEventId = '', signal }: EventOptions,
): AsyncGenerator<LiveEvent, void, undefined> {
  let last = lastEventId
  let retry = 2_000
  let failures = 0
  let met = false
  const over = (): boolean => signal?.aborted === true
  while (!over()) {
    const broken = new AbortController()
    const either = signal === undefined ? broken.signal : AbortSignal.any([signal, broken.signal])
    let timer = setTimeout(() => broken.abort(), silence)
    try {
      const body = await connection.open(last === '' ? {} : { 'last-event-id': last }, either)
      met = true
      const onChunk = (): void => {
        clearTimeout(timer)
        timer = setTimeout(() => broken.abort(), silence)
      }
      const onRetry = (milliseconds: number): void => void (retry = milliseconds)
      for await (const { id, type, data } of readEvents(body, { onChunk, onRetry })) {
        if (over()) return
        failures = 0
        last = id
        const { at, data: content } = JSON.parse(data) as { at: string; data: unknown }
        yield { id, type, at, data: content } as LiveEvent
      }
    } catch (error) {
      if (over()) return
      const status = connection.statusOf(error) ?? 0
      const refused = status >= 400 && status < 500
      if (refused || (!met && !broken.signal.aborted)) throw error
    } finally {
      clearTimeout(timer)
      broken.abort()
    }
    failures += 1
    await pause(Math.min(longestWait, retry * 2 ** (failures - 1)), signal)
  }
}

/** Resolves after a time, or when the signal fires. */
function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve()
    const end = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, milliseconds)
    signal?.addEventListener('abort', end)
  })
}
