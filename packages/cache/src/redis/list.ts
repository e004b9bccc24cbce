import { RepriseError, quote } from '../errors.ts'
import type { Shared } from '../cluster/shared.ts'
import type { Call } from './call.ts'
import type { RedisClient } from './client.ts'
import { escapeGlob } from './keys.ts'
import { together } from './link.ts'
import { items, text } from './reply.ts'
import type { RedisSettings } from './settings.ts'

/** Keys looked at in one step of a walk. */
const step = 1_000

/** The masters in a lasting order, so that a cursor can name one by its place. */
function mastersOf(client: RedisClient): readonly RedisClient[] {
  const address = ({ options = {} }: RedisClient): string => {
    const { host, port } = options as { readonly host?: string; readonly port?: number }
    return `${host}:${port}`
  }
  return client.nodes === undefined
    ? [client]
    : client.nodes('master').toSorted((one, other) => address(one).localeCompare(address(other)))
}

interface Page {
  readonly keys: readonly string[]
  readonly next: string | undefined
  readonly node: RedisClient
}

/** A page at a cursor, `<place of the node>.<cursor there>`; without `next` it is the last one. */
async function scan(
  client: RedisClient,
  pattern: string,
  at: { cursor: string; count: number },
): Promise<Page> {
  const [place, inner] = at.cursor.split('.')
  const nodes = mastersOf(client)
  const index = Number(place)
  const node = nodes[index]
  // The cluster has shrunk meanwhile.
  if (node === undefined || inner === undefined) return { keys: [], next: undefined, node: client }
  if (node.status === 'wait') await node.connect()
  const reply = items(await node.callBuffer('SCAN', inner, 'MATCH', pattern, 'COUNT', at.count))
  const following = text(reply[0])
  const keys = items(reply[1]).map(text)
  const more = following !== '0' ? `${index}.${following}` : nodes[index + 1] && `${index + 1}.0`
  return { keys, next: more, node }
}

/** Lengths of values; a key that holds none counts as 0. */
async function sizesOn(client: RedisClient, keys: readonly string[]): Promise<readonly number[]> {
  const lengths = await together(client, () =>
    Promise.all(keys.map((key) => client.callBuffer('STRLEN', key).catch(() => 0))),
  )
  return lengths.map((length) => (typeof length === 'number' ? length : 0))
}

/** Walks over the keys under a prefix, on every master. A walk during a resharding may miss or repeat keys. */
export function makeLists(
  call: Call,
  settings: RedisSettings,
): Pick<Shared, 'list' | 'usage'> & Required<Pick<Shared, 'sizes'>> {
  const deadline = Math.max(settings.deadline, settings.patience)
  return {
    sizes: async (keys) =>
      keys.length === 0
        ? []
        : call({ name: 'sizes', code: 'E_TIER_READ', deadline }, ({ client }) => sizesOn(client, keys)),
    list(prefix, { cursor = '0.0', limit }) {
      if (!/^\d+\.\d+$/.test(cursor)) {
        return Promise.reject(
          new RepriseError(
            'E_CURSOR_INVALID',
            `cursor ${quote(cursor)} was not made by this store; begin again without one`,
          ),
        )
      }
      return call({ name: 'list', code: 'E_TIER_READ', deadline }, async ({ client }) => {
        const page = await scan(client, `${escapeGlob(prefix)}*`, { cursor, count: Math.max(1, limit) })
        return { keys: page.keys, ...(page.next !== undefined && { cursor: page.next }) }
      })
    },
    async usage(prefix) {
      const pattern = `${escapeGlob(prefix)}*`
      let cursor: string | undefined = '0.0'
      let entries = 0
      let bytes = 0
      while (cursor !== undefined) {
        const from: string = cursor
        const page = await call({ name: 'usage', code: 'E_TIER_READ', deadline }, async ({ client }) => {
          const found = await scan(client, pattern, { cursor: from, count: step })
          return { next: found.next, lengths: await sizesOn(found.node, found.keys) }
        })
        entries += page.lengths.length
        for (const length of page.lengths) bytes += length
        cursor = page.next
      }
      return { entries, bytes }
    },
  }
}
