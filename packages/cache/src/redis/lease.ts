import type { Shared, SharedFailure } from '../cluster/shared.ts'
import type { TierRecord } from '../tier.ts'
import { makeAcquire } from './acquire.ts'
import type { RedisArgument } from './client.ts'
import { failureKey, leaseKey, sidecarKey } from './keys.ts'
import type { LeaseContext } from './lease-context.ts'
import { type Link, together } from './link.ts'
import { integer, text } from './reply.ts'
import { entryScripts as scripts } from './script.ts'

const whole = (milliseconds: number): number => Math.max(1, Math.ceil(milliseconds))

/** Leases and what is stored under them. */
export function makeLeases(
  context: LeaseContext,
): Pick<Shared, 'acquire' | 'extend' | 'store' | 'release' | 'steal'> & Required<Pick<Shared, 'holder'>> {
  const { call, heads, names, settings } = context
  const grace = settings.leaseGrace

  const sendRelease = (link: Link, key: string, token: string, failure?: SharedFailure): Promise<unknown> => {
    const args = [token, failure === undefined ? '' : JSON.stringify(failure), whole(failure?.wait ?? 1)]
    return scripts.release.run(link.client, [leaseKey(key), failureKey(key)], ...args, names.wake, key)
  }

  return {
    async release({ key }, token, failure) {
      await call({ name: 'release', code: 'E_TIER_WRITE' }, (link) => sendRelease(link, key, token, failure))
    },

    acquire: makeAcquire(context, sendRelease),

    async holder(key) {
      const lease = await call({ name: 'holder', code: 'E_TIER_READ' }, ({ client }) =>
        client.callBuffer('GET', leaseKey(key)),
      )
      return readHolder(text(lease), settings.clock.now() + heads.offset())
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

/** Who has a lease, from its text `until|digest|token`, the end being in the server's milliseconds. */
function readHolder(
  lease: string,
  now: number,
): { readonly token: string; readonly left: number } | undefined {
  const [, until, token] = /^(\d+)\|[\da-f]*\|(.*)$/s.exec(lease) ?? []
  return until === undefined || token === undefined ? undefined : { token, left: Number(until) - now }
}
