import { type Server, type Socket, connect, createServer } from 'node:net'

/** A TCP way to a server that a test can cut and hold up. */
export interface Proxy {
  readonly port: number
  /** Connections that are open through it. */
  readonly connections: number
  /** Ends every connection and refuses new ones. */
  cut(): void
  /** Lets connections through again after a cut. */
  mend(): Promise<void>
  /** Keeps what comes from either side from now on, without ending connections. */
  hold(): void
  /** Passes on what was kept, and what comes. */
  release(): void
  close(): Promise<void>
}

/** Opens a way on a free port of 127.0.0.1 to another port of it. */
export async function openProxy(target: number): Promise<Proxy> {
  const pairs = new Set<readonly [Socket, Socket]>()
  let server = createServer()
  let held = false
  let wanted = true

  const accept = (near: Socket): void => {
    const far = connect({ port: target, host: '127.0.0.1' })
    const pair = [near, far] as const
    pairs.add(pair)
    const end = (): void => {
      pairs.delete(pair)
      near.destroy()
      far.destroy()
    }
    for (const [from, to] of [pair, [far, near] as const]) {
      from.setNoDelay(true)
      from.on('data', (data) => to.write(data))
      from.on('error', end)
      from.on('close', end)
      if (held) from.pause()
    }
  }
  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server = createServer(accept)
      server.once('error', reject)
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject)
        server.on('error', () => {})
        if (!wanted) server.close()
        resolve()
      })
    })
  const cutAll = (): void => {
    for (const pair of pairs) for (const socket of pair) socket.destroy()
    pairs.clear()
  }
  await listen(0)
  const { port } = server.address() as { port: number }

  return {
    port,
    get connections() {
      return pairs.size
    },
    cut() {
      wanted = false
      server.close()
      cutAll()
    },
    async mend() {
      wanted = true
      await listen(port)
    },
    hold() {
      held = true
      for (const pair of pairs) for (const socket of pair) socket.pause()
    },
    release() {
      held = false
      for (const pair of pairs) for (const socket of pair) socket.resume()
    },
    async close() {
      wanted = false
      const closed = closing(server)
      cutAll()
      await closed
    },
  }
}

function closing(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()))
}
