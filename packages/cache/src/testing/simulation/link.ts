/** A process's way to the model server, as an implementation of `Shared` over a wire. */
import { RepriseError } from '../../errors.ts'
import type { Shared } from '../../cluster/shared.ts'
import type { TierRecord } from '../../tier.ts'
import type { ModelServer, Stored } from './server.ts'
import { type Wire, type WireOptions, createWire } from './wire.ts'

/** What a link joins. */
export interface LinkOptions extends WireOptions {
  readonly server: ModelServer
  /** The clock of the process. */
  readonly now: () => number
  /** Longest wait for a record, in milliseconds: short, so that a lost answer is noticed soon. @default 20 */
  readonly longestWait?: number
  /** Milliseconds for which an expired lease that nobody took may still store. @default 600 000 */
  readonly leaseGrace?: number
  /** Records that the log keeps. @default Infinity */
  readonly maxLength?: number
  /** Whether values live on other servers than the log. @default false */
  readonly scattered?: boolean
  /** The shape of the catalog. @default 'simulation' */
  readonly descriptor?: string
}

/** A process's way to the server. */
export interface Link extends Pick<Wire, 'cut' | 'hold'> {
  readonly shared: Shared
}

/** Joins a process to the server. */
export function createLink(options: LinkOptions): Link {
  const { server, now, longestWait = 20, leaseGrace = 600_000, maxLength = Infinity } = options
  const { descriptor = 'simulation', scattered = false } = options
  const { log } = server
  const wire = createWire(options)
  const { call } = wire
  const wakers = new Set<(key: string) => void>()
  let offset = 0
  let leastOffset = 0

  /** Asks something that comes with the server's time; an offset that is too large shortens lives, never lengthens them. */
  async function timed<T>(method: keyof Shared, carryOut: () => T, late?: (answer: T) => void): Promise<T> {
    const sentAt = now()
    const answer = await call(
      method,
      () => ({ result: carryOut(), time: server.time() }),
      late === undefined ? {} : { late: ({ result }) => late(result) },
    )
    offset = answer.time - sentAt
    leastOffset = answer.time - now()
    return answer.result
  }

  const recordOf = (key: string, stored: Stored, sentAt: number): TierRecord => ({
    key,
    body: stored.body,
    ...(stored.sidecar === undefined ? {} : { sidecar: stored.sidecar }),
    createdAt: sentAt,
    expiresAt: stored.expiresAt === Infinity ? Infinity : sentAt + stored.expiresAt - server.time(),
  })

  const shared: Shared = {
    name: 'model',
    scattered,
    offset: () => offset,
    open: () => call('open', () => server.claim(descriptor)),
    join: () => timed('join', () => log.join()),
    read(keys) {
      const sentAt = now()
      return timed('read', () => {
        const found = keys.map(({ key }) => ({ key, stored: server.read(key) }))
        const records = found.map(({ key, stored }) => stored && recordOf(key, stored, sentAt))
        return { records, head: log.head() }
      })
    },
    acquire(key, asked) {
      const sentAt = now()
      const carryOut = (): Awaited<ReturnType<Shared['acquire']>> => {
        const head = log.head()
        const acquired = server.acquire(key, asked, leaseGrace)
        if (acquired.kind !== 'value') return { head, acquired }
        return { head, acquired: { kind: 'value', record: recordOf(key.key, acquired.stored, sentAt) } }
      }
      // Nobody waits for this lease any more; others must not wait for its end.
      return timed('acquire', carryOut, ({ acquired }) => {
        if (acquired.kind === 'granted') shared.release(key, asked.token).catch(() => {})
      })
    },
    extend: ({ key }, token, lease) => call('extend', () => server.extend(key, token, lease, leaseGrace)),
    store({ key, body, sidecar, expiresAt }, { token, version, format }) {
      const stored = {
        body,
        ...(sidecar === undefined ? {} : { sidecar }),
        expiresAt: expiresAt + leastOffset,
        version,
      }
      return call('store', () => server.store({ key, format }, stored, token))
    },
    release: async ({ key }, token, failure) =>
      void (await call('release', () => server.release(key, token, failure))),
    steal: ({ key }, token, lease) =>
      call('steal', () => server.steal(key, token, { lease, grace: leaseGrace })),
    remove: (keys) => call('remove', () => server.remove(keys.map(({ key }) => key))),
    append: (record) => call('append', () => log.append(record, maxLength)),
    async next(after, asked) {
      const wait = Math.min(asked, longestWait)
      return call('next', () => log.after(after), {
        wait,
        block(go) {
          const { gap, records } = log.after(after)
          if (wait === 0 || gap || records.length > 0) go()
          else log.untilAppend(wait, go)
        },
      })
    },
    async onWake(listener) {
      wakers.add(listener)
      return async () => void wakers.delete(listener)
    },
    prune: (floor) => call('prune', () => log.prune(floor)),
    async list(prefix, { cursor = '0', limit }) {
      if (!/^\d+$/.test(cursor))
        throw new RepriseError('E_CURSOR_INVALID', `cursor "${cursor}" is not a number`)
      const from = Number(cursor)
      const keys = await call('list', () => server.list(prefix).map(({ key }) => key))
      const next = from + limit
      return { keys: keys.slice(from, next), ...(next < keys.length ? { cursor: String(next) } : {}) }
    },
    usage: (prefix) =>
      call('usage', () => {
        const found = server.list(prefix)
        return { entries: found.length, bytes: found.reduce((sum, { bytes }) => sum + bytes, 0) }
      }),
    ping: () => call('ping', () => undefined),
    close: async () => {},
  }
  const before = server.onWake
  server.onWake = (key) => {
    before(key)
    wire.tell(() => {
      for (const waker of wakers) waker(key)
    })
  }
  return Object.assign(wire, { shared })
}
