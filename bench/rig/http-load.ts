/** A generator of load in a process of its own: so many connections, each asking again as soon as it has its answer. */
import { connect } from 'node:net'
import { serve } from './child.ts'

/** What one turn asks for. */
export interface Load {
  readonly port: number
  readonly path: string
  readonly token: string
  readonly connections: number
  readonly milliseconds: number
}

/** What came of it. */
export interface Loaded {
  readonly perSecond: number
  /** Length of one answer, in bytes. */
  readonly bytes: number
}

const headersEnd = Buffer.from('\r\n\r\n')

/** Asks over one connection until a time; resolves with how many answers came. @throws Error for any answer that is not 200 */
function ask({ port, path, token }: Load, until: number): Promise<{ answers: number; bytes: number }> {
  const request = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\n\r\n`
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(request))
    let held: Buffer = Buffer.alloc(0)
    let answers = 0
    socket.setNoDelay(true)
    socket.on('error', reject)
    socket.on('data', (piece) => {
      held = held.length === 0 ? piece : Buffer.concat([held, piece])
      const end = held.indexOf(headersEnd)
      if (end < 0) return
      const head = held.toString('latin1', 0, end)
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1])
      const bytes = end + headersEnd.length + length
      if (held.length < bytes) return
      if (!head.startsWith('HTTP/1.1 200')) {
        reject(new Error(`${path}: ${held.toString('utf8').slice(0, 500)}`))
        socket.destroy()
        return
      }
      held = Buffer.alloc(0)
      answers += 1
      if (performance.now() < until) socket.write(request)
      else {
        socket.destroy()
        resolve({ answers, bytes })
      }
    })
  })
}

const services = {
  async load(asked: Load): Promise<Loaded> {
    const startedAt = performance.now()
    const until = startedAt + asked.milliseconds
    const found = await Promise.all(Array.from({ length: asked.connections }, async () => ask(asked, until)))
    const answers = found.reduce((sum, one) => sum + one.answers, 0)
    return {
      perSecond: answers / ((performance.now() - startedAt) / 1_000),
      bytes: found[0]?.bytes ?? 0,
    }
  },
}
export type HttpLoad = typeof services

serve(services)
