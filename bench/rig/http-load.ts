/** A generator of load in a process of its own: so many connections, each asking again as soon as it has its answer. */
import { connect } from 'node:net'
import { serve } from './child.ts'

/** What one turn asks for. */
export interface Load {
  readonly port: number
  /** Asked in turn. */
  readonly paths: readonly string[]
  readonly token: string
  /** JSON that is posted. @default a GET */
  readonly body?: string
  readonly connections: number
  readonly milliseconds: number
}

/** What came of it. */
export interface Loaded {
  readonly perSecond: number
  readonly answers: number
  /** Length of one answer, in bytes. */
  readonly bytes: number
}

const headersEnd = Buffer.from('\r\n\r\n')
const chunksEnd = Buffer.from('\r\n0\r\n\r\n')

/** The length of the answer that some bytes begin with; undefined while it is not whole. */
function lengthOf(held: Buffer, end: number, head: string): number | undefined {
  const body = end + headersEnd.length
  const told = /content-length: (\d+)/i.exec(head)?.[1]
  if (told !== undefined) return held.length < body + Number(told) ? undefined : body + Number(told)
  const last = held.indexOf(chunksEnd, body)
  return last < 0 ? undefined : last + chunksEnd.length
}

function requestOf({ token, body }: Load, path: string): string {
  const headers = `Host: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\n`
  if (body === undefined) return `GET ${path} HTTP/1.1\r\n${headers}\r\n`
  const length = Buffer.byteLength(body)
  return `POST ${path} HTTP/1.1\r\n${headers}Content-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${body}`
}

/** Asks over one connection until a time; resolves with how many answers came. @throws Error for any answer that is not 200 */
function ask(load: Load, until: number, offset: number): Promise<{ answers: number; bytes: number }> {
  const { port, paths } = load
  const requests = paths.map((one) => requestOf(load, one))
  let at = offset
  const next = (): string => requests[(at += 1) % requests.length] as string
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(next()))
    let held: Buffer = Buffer.alloc(0)
    let answers = 0
    socket.setNoDelay(true)
    socket.on('error', reject)
    socket.on('data', (piece) => {
      held = held.length === 0 ? piece : Buffer.concat([held, piece])
      const end = held.indexOf(headersEnd)
      if (end < 0) return
      const head = held.toString('latin1', 0, end)
      const bytes = lengthOf(held, end, head)
      if (bytes === undefined) return
      if (!head.startsWith('HTTP/1.1 200')) {
        reject(new Error(`${paths[0]}: ${held.toString('utf8').slice(0, 500)}`))
        socket.destroy()
        return
      }
      held = Buffer.alloc(0)
      answers += 1
      if (performance.now() < until) socket.write(next())
      else {
        socket.destroy()
        resolve({ answers, bytes })
      }
    })
  })
}

/**
 * Keeps this process awake while it loads: else a server that is slower than it would pay the system for waking it at
 * each answer, and a fast one not. Returns what lets it sleep.
 */
function stayAwake(): () => void {
  let awake = true
  const turn = (): void => {
    if (awake) setImmediate(turn)
  }
  turn()
  return () => {
    awake = false
  }
}

const services = {
  async load(asked: Load): Promise<Loaded> {
    const startedAt = performance.now()
    const until = startedAt + asked.milliseconds
    const sleep = stayAwake()
    const found = await Promise.all(
      Array.from({ length: asked.connections }, async (_, at) => ask(asked, until, at * 37)),
    ).finally(sleep)
    const answers = found.reduce((sum, one) => sum + one.answers, 0)
    return {
      answers,
      perSecond: answers / ((performance.now() - startedAt) / 1_000),
      bytes: found[0]?.bytes ?? 0,
    }
  },
}
export type HttpLoad = typeof services

serve(services)
