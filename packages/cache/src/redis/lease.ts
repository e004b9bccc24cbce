import { randomUUID } from 'node:crypto'
import type {
  AcquireOptions,
  Acquired,
  Shared,
  SharedFailure,
  SharedHead,
  SharedKey,
} from '../cluster/shared.ts'
import type { TierRecord } from '../tier.ts'
import type { Call } from './call.ts'
import type { RedisArgument } from './client.ts'
import type { Heads } from './head.ts'
import { type CatalogKeys, failureKey, leaseKey, sidecarKey } from './keys.ts'
import { type Link, together } from './link.ts'
import { documentRecord, entryRecord } from './read.ts'
import { integer, items, text } from './reply.ts'
import { entryScripts as scripts } from './script.ts'
import type { RedisSettings } from './settings.ts'

/** What leases need of the store around them. */
export interface LeaseContext {
  readonly call: Call
  readonly heads: Heads
  readonly names: CatalogKeys
  readonly settings: RedisSettings
}

const whole = (milliseconds: number): number => Math.max(1, Math.ceil(milliseconds))

/** Leases and what is stored under them. */
export function makeLeases(
  context: LeaseContext,
): Pick<Shared, 'acquire' | 'extend' | 'store' | 'release' | 'steal'> {
  const { call, heads, names, settings } = context
  const grace = settings.leaseGrace

  const sendRelease = (link: Link, key: string, token: string, failure?: SharedFailure): Promise<unknown> => {
    const args = [token, failure === undefined ? '' : JSON.stringify(failure), whole(failure?.wait ?? 1)]
    return scripts.release.run(link.client, [leaseKey(key), failureKey(key)], ...args, names.wake, key)
  }

  // The nodes of a Cluster have clocks of their own, and only one of them is known: there a late grant is not refused.
  const latestGrant = ({ client }: Link, sent: number): number =>
    client.nodes === undefined
      ? Math.ceil(sent + heads.offset() + settings.deadline)
      : Number.MAX_SAFE_INTEGER

  return {
    async release({ key }, token, failure) {
      await call({ name: 'release', code: 'E_TIER_WRITE' }, (link) => sendRelease(link, key, token, failure))
    },

    acquire(key, options) {
      return call<{ readonly acquired: Acquired; readonly head: SharedHead }>(
        {
          name: 'acquire',
          code: 'E_TIER_WRITE',
          // Nobody waits for this lease any more; others must not wait for its end.
          late({ acquired }, link) {
            if (acquired.kind === 'granted') sendRelease(link, key.key, options.token).catch(() => {})
          },
        },
        async (link) => {
          const sent = settings.clock.now()
          const { key: name } = key
          const keys = [name, leaseKey(name), failureKey(name), sidecarKey(name)]
          const [head, reply] = await together(link.client, () =>
            Promise.all([
              heads.read(link),
              scripts.acquire.run(
                link.client,
                keys,
                ...acquireArguments(key, options, grace),
                latestGrant(link, sent),
              ),
            ]),
          )
          return { acquired: acquiredFrom(key, sent, items(reply)), head }
        },
      )
    },

    async extend({ key }, token, lease) {
      const reply = await call({ name: 'extend', code: 'E_TIER_WRITE' }, ({ client }) =>
        scripts.extend.run(client, [leaseKey(key)], token, whole(lease), grace),
      )
      return integer(reply) === 1
    },

    async store(record, { token, version, format }) {
      const { key } = record
      const reply = await call({ name: 'store', code: 'E_TIER_WRITE' }, ({ client }) =>
        scripts.store.run(
          client,
          [key, leaseKey(key), failureKey(key), sidecarKey(key)],
          ...storeArguments(record, { token, version, format, offset: heads.leastOffset() }),
          names.wake,
        ),
      )
      return integer(reply) === 1
    },

    steal({ key }, token, lease) {
      return call({ name: 'steal', code: 'E_TIER_WRITE' }, async (link) => {
        const keys = [key, leaseKey(key), failureKey(key), sidecarKey(key)]
        // On one server the head is read first; on a Cluster at the same time.
        const [head] = await together(link.client, () =>
          Promise.all([heads.read(link), scripts.steal.run(link.client, keys, token, whole(lease), grace)]),
        )
        return head
      })
    },
  }
}

function acquireArguments({ format }: SharedKey, options: AcquireOptions, grace: number): RedisArgument[] {
  const { token, lease, judged = '', removeJudged = false, force = false } = options
  const flag = (set: boolean): string => (set ? '1' : '0')
  return [token, whole(lease), grace, judged, flag(removeJudged), flag(force), randomUUID(), format]
}

function acquiredFrom({ key, format }: SharedKey, sent: number, reply: readonly unknown[]): Acquired {
  const kind = text(reply[0])
  if (kind === 'granted') return { kind, gen: text(reply[1]) }
  if (kind === 'wait') return { kind, left: integer(reply[1]) }
  if (kind === 'failed') {
    const failure = JSON.parse(text(reply[1])) as SharedFailure
    return { kind, failure, left: integer(reply[2]) }
  }
  const record =
    format === 'document' ? documentRecord(key, sent, reply.slice(1)) : entryRecord(key, sent, reply[1])
  if (record === undefined) throw new Error(`the server answered "${kind}" where a lease was asked for`)
  return { kind: 'value', record }
}

function storeArguments(
  record: TierRecord,
  { token, version, format, offset }: Parameters<Shared['store']>[1] & { readonly offset: number },
): RedisArgument[] {
  return [token, version, endOf(record, offset), format, bodyOf(record), record.sidecar ?? '']
}

/** The end of a record in the server's milliseconds, '' for never. An absolute time: a late store must not lengthen a life. */
function endOf({ expiresAt }: TierRecord, offset: number): string {
  return expiresAt === Infinity ? '' : String(Math.max(0, Math.floor(expiresAt + offset)))
}

function bodyOf({ body }: TierRecord): string | Buffer {
  return typeof body === 'string' ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength)
}
