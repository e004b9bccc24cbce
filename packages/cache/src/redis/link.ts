import type { Clock } from '../clock.ts'
import type { RedisClient } from './client.ts'
import { isRefusal, plainError } from './plain-error.ts'

/** A client and what is known of the server behind its present connection. */
export interface Link {
  readonly client: RedisClient
  /** The run of the server that this very connection leads to; undefined when not known, and always for a Cluster. */
  run: string | undefined
  /** When the oldest command that nothing was heard after was sent; undefined when none is. */
  since: number | undefined
  /** Stops listening. */
  detach(): void
}

/** Longest time without a word about errors of connections, in milliseconds. */
const quiet = 5_000

/** Passes on the first error and then at most one every five seconds. */
export function throttled(clock: Clock, onError: (error: Error) => void): (error: unknown) => void {
  let last = -Infinity
  return (error) => {
    const now = clock.now()
    if (now - last < quiet && now >= last) return
    last = now
    const plain = plainError(error)
    onError(plain instanceof Error ? plain : new Error(String(plain)))
  }
}

const lost = ['close', 'end', 'reconnecting']

/** Longest silence, in milliseconds, of a server that has commands to answer before its connection is taken for dead. */
const silence = 3_000

/** Drops a connection that has been silent for too long, so that another one can be made: it may lead nowhere. */
export function dropSilent(link: Link, now: number): void {
  link.since ??= now
  if (now - link.since < silence) return
  link.since = undefined
  link.client.disconnect(true)
}

/** Methods that ioredis calls by itself: before a command for the new owner of a slot, and after it connected again. */
const own = ['asking', 'subscribe'] as const
const attended = new WeakSet<RedisClient>()

/**
 * ioredis sends some commands by itself and does not listen to their answers: where the connection is lost then, their
 * failure would be an unhandled rejection and end the process. Here somebody listens; who calls them hears the same.
 */
function attend(client: RedisClient): void {
  if (attended.has(client)) return
  attended.add(client)
  for (const name of own) {
    const method: ((...channel: [string]) => Promise<unknown>) | undefined = client[name]
    if (method === undefined) continue
    const heard = (...channel: [string]): Promise<unknown> => {
      const answer = method.apply(client, channel)
      answer.catch(() => {})
      return answer
    }
    Object.assign(client, { [name]: heard })
  }
}

/** Listens to a client, so that its errors are heard and a lost connection is not taken for the next one. */
export function linkTo(client: RedisClient, onError: (error: unknown) => void): Link {
  const forget = (): void => {
    link.run = undefined
    link.since = undefined
  }
  // A Cluster connects to a node with the first command and refuses those after it until the node is there: so all
  // are connected to before. Not while the Cluster itself is connecting, when its own command would be refused.
  const connectNodes = (): void => {
    for (const node of client.nodes?.('master') ?? []) attend(node)
    if (client.status !== 'ready') return
    for (const node of client.nodes?.('master') ?? [])
      if (node.status === 'wait') node.connect().catch(() => {})
  }
  const link: Link = {
    client,
    run: undefined,
    since: undefined,
    detach() {
      for (const event of lost) client.off(event, forget)
      for (const event of ['ready', '+node']) client.off(event, connectNodes)
      // The listener for errors stays: an error of a closing connection must not end the process.
    },
  }
  attend(client)
  for (const event of lost) client.on(event, forget)
  client.on('error', onError)
  if (client.isCluster === true) for (const event of ['ready', '+node']) client.on(event, connectNodes)
  return link
}

/** States of a node of a cluster that is about to be ready. */
const coming = new Set(['wait', 'connecting', 'connect'])

/**
 * Resolves when the client can send, on a Cluster also to the masters that it has just found.
 * @throws an Error past the limit in milliseconds, when the client has ended, or when the server refuses its user
 */
export async function whenReady(client: RedisClient, limit: number, clock: Clock): Promise<void> {
  if (client.status !== 'ready') await whenConnected(client, limit, clock)
  const nodes = client.nodes?.('master').filter(({ status }) => coming.has(status)) ?? []
  if (nodes.length > 0) await Promise.allSettled(nodes.map((node) => whenConnected(node, limit, clock)))
}

function whenConnected(client: RedisClient, limit: number, clock: Clock): Promise<void> {
  return new Promise((resolve, reject) => {
    let why = ''
    const finish = (error?: Error): void => {
      timer.cancel()
      client.off('ready', ready)
      client.off('end', ended)
      client.off('error', failed)
      if (error === undefined) resolve()
      else reject(error)
    }
    const ready = (): void => finish()
    const ended = (): void => finish(new Error('the connection was closed'))
    const failed = (error: unknown): void => {
      const plain = plainError(error)
      if (isRefusal(plain)) finish(plain)
      else if (plain instanceof Error && plain.message !== '') why = `; the last try: ${plain.message}`
    }
    const timer = clock.setTimeout(
      () => finish(new Error(`no connection within ${limit} ms (${client.status})${why}`)),
      limit,
    )
    client.on('ready', ready)
    client.on('end', ended)
    client.on('error', failed)
    // A failed attempt is followed by others; whoever waits hears of the first that succeeds.
    if (client.status === 'wait') client.connect().catch(() => {})
    else if (client.status === 'end') ended()
  })
}

/** Holds back what is sent until the function returns, so that it goes out in one write. */
export function together<T>(client: RedisClient, send: () => T): T {
  const streams = (client.nodes?.('master') ?? [client]).map((node) => node.stream)
  for (const stream of streams) stream?.cork?.()
  try {
    return send()
  } finally {
    for (const stream of streams) stream?.uncork?.()
  }
}
