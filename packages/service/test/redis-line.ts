import { once } from 'node:events'
import { type Socket, connect, createServer } from 'node:net'

/** A line to Redis that can be cut: while it is, connections end at once. */
export interface RedisLine {
  readonly url: string
  cut(): void
  mend(): void
  close(): Promise<void>
}

/** Opens a line to the Redis at an address. */
export async function openRedisLine(redisUrl: string): Promise<RedisLine> {
  const { hostname, port } = new URL(redisUrl)
  const sockets = new Set<Socket>()
  let whole = true
  const server = createServer((socket) => {
    if (!whole) return socket.destroy()
    const redis = connect(Number(port), hostname)
    for (const [from, to] of [[socket, redis] as const, [redis, socket] as const]) {
      sockets.add(from)
      from.on('error', () => undefined)
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
      from.pipe(to)
    }
    return undefined
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const drop = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: `redis://127.0.0.1:${(server.address() as { port: number }).port}`,
    cut() {
      whole = false
      drop()
    },
    mend() {
      whole = true
    },
    async close() {
      drop()
      server.close()
      await once(server, 'close')
    },
  }
}
