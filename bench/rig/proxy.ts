/** A TCP proxy that can be cut: connections end, and new ones are refused until it is mended. */
import { type Socket, connect, createServer } from 'node:net'

/** A proxy on a port of 127.0.0.1. */
export interface Proxy {
  readonly url: string
  cut(): void
  mend(): void
  close(): Promise<void>
}

/** Starts a proxy in front of a Redis on 127.0.0.1. */
export async function startProxy(url: string): Promise<Proxy> {
  const port = Number(new URL(url).port)
  const sockets = new Set<Socket>()
  let whole = true
  const server = createServer((near) => {
    if (!whole) {
      near.destroy()
      return
    }
    const far = connect({ port, host: '127.0.0.1', noDelay: true })
    near.setNoDelay(true)
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.on('error', () => {})
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const cut = (): void => {
    whole = false
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: `redis://127.0.0.1:${(server.address() as { readonly port: number }).port}`,
    cut,
    mend() {
      whole = true
    },
    close() {
      cut()
      return new Promise((resolve) => {
        server.close(() => resolve())
      })
    },
  }
}
