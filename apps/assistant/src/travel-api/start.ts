import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'

/** The travel service as a process of its own. */
export interface TravelProcess {
  readonly address: string
  /** Resolves when it listens. @throws Error when it ended before */
  readonly ready: Promise<void>
  close(): Promise<void>
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/**
 * Starts the demo's travel service beside this process (row A24), without waiting until it listens. It ends when this
 * process ends, also when that is killed.
 */
export async function startTravelApi(token: string): Promise<TravelProcess> {
  const port = await freePort()
  // From source or as built: the same ending as this very file. A child is started with this process's own options.
  const source = import.meta.url.endsWith('.ts')
  const main = fileURLToPath(new URL(source ? './main.ts' : './main.js', import.meta.url))
  const child = fork(main, {
    env: { PATH: process.env['PATH'], API_TOKEN: token, PORT: String(port) },
    stdio: 'ignore',
  })
  const ended = once(child, 'exit')
  const listening = once(child, 'message').then(() => true)
  const ready = Promise.race([listening, ended.then(() => false)]).then((up) => {
    if (!up)
      throw new Error('The travel service of the demo does not start: set TRAVEL_API_URL to another one')
  })
  // Whoever does not wait for it is told by the calls that fail.
  ready.catch(() => undefined)
  // Alone it does not keep this process alive.
  child.unref()
  child.channel?.unref()
  return {
    address: `http://127.0.0.1:${port}`,
    ready,
    async close() {
      if (child.connected) child.disconnect()
      if (child.exitCode === null && child.signalCode === null) await ended
    },
  }
}
