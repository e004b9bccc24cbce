import type { Clock } from '../clock.ts'
import type { RedisClient } from './client.ts'

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
    onError(error instanceof Error ? error : new Error(String(error)))
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

/** Listens to a client, so that its errors are heard and a lost connection is not taken for the next one. */
export function linkTo(client: RedisClient, onError: (error: unknown) => void): Link {
  const forget = (): void => {
    link.run = undefined
    link.since = undefined
  }
  // A Cluster connects to a node with the first command and refuses those after it until the node is there: so all
  // are connected to before. Not while the Cluster itself is connecting, when its own command would be refused.
  const connectNodes = (): void => {
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
  for (const event of lost) client.on(event, forget)
  client.on('error', onError)
  if (client.isCluster === true) for (const event of ['ready', '+node']) client.on(event, connectNodes)
  return link
}

/** States of a node of a cluster that is about to be ready. */
const coming = new Set(['wait', 'connecting', 'connect'])

/**
 * Resolves when the client can send, on a Cluster also to the masters that it has just found.
 * @throws an Error past the limit in milliseconds, or when the client has ended
 */
export async function whenReady(client: RedisClient, limit: number, clock: Clock): Promise<void> {
  if (client.status !== 'ready') await whenConnected(client, limit, clock)
  const nodes = client.nodes?.('master').filter(({ status }) => coming.has(status)) ?? []
  if (nodes.length > 0) await Promise.allSettled(nodes.map((node) => whenConnected(node, limit, clock)))
}

function whenConnected(client: RedisClient, limit: number, clock: Clock): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (error?: Error): void => {
      timer.cancel()
      client.off('ready', ready)
      client.off('end', ended)
      if (error === undefined) resolve()
      else reject(error)
    }
    const ready = (): void => finish()
    const ended = (): void => finish(new Error('the connection was closed'))
    const timer = clock.setTimeout(
      () => finish(new Error(`no connection within ${limit} ms (${client.status})`)),
      limit,
    )
    client.on('ready', ready)
    client.on('end', ended)
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
