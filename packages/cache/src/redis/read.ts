import type { SharedHead, SharedKey } from '../cluster/shared.ts'
import type { TierRecord } from '../tier.ts'
import type { Heads } from './head.ts'
import { type CatalogKeys, groupBySlot, sidecarKey } from './keys.ts'
import { type Link, together } from './link.ts'
import { integer, items, text } from './reply.ts'
import { entryScripts, logScripts } from './script.ts'

/** Most keys of one command: a server does nothing else meanwhile. */
const mostKeys = 1_000

/** What one read gives. */
export interface Read {
  readonly records: readonly (TierRecord | undefined)[]
  readonly head: SharedHead
}

/** The record of a document; it ends when the life that the server told has passed since the question was sent. */
export function documentRecord(key: string, sent: number, reply: readonly unknown[]): TierRecord | undefined {
  const [body, left, sidecar] = reply
  if (!Buffer.isBuffer(body)) return undefined
  const about = text(sidecar)
  const life = integer(left)
  return {
    key,
    body: body.toString('utf8'),
    ...(about !== '' && { sidecar: about }),
    createdAt: sent,
    expiresAt: life < 0 ? Infinity : sent + life,
  }
}

/** The record of a frame, which tells its own times. */
export function entryRecord(key: string, sent: number, body: unknown): TierRecord | undefined {
  return Buffer.isBuffer(body) ? { key, body, createdAt: sent, expiresAt: Infinity } : undefined
}

/** Places of keys in parts that one command can take: by slot on a Cluster, and not too many. */
function batches(
  keys: readonly SharedKey[],
  places: readonly number[],
  cluster: boolean,
): readonly (readonly number[])[] {
  if (places.length === 0) return []
  const groups = cluster
    ? groupBySlot(places.map((place) => keys[place]?.key as string))
    : [places.map((_, at) => at)]
  return groups.flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / mostKeys) }, (_, part) =>
      group.slice(part * mostKeys, (part + 1) * mostKeys).map((at) => places[at] as number),
    ),
  )
}

/**
 * Reads keys and the head: all commands go out in one write, the head's last. On a single server whose run is
 * known that is one MGET, of the entries and the head's mirror together.
 */
export function makeRead(
  heads: Heads,
  names: CatalogKeys,
): (link: Link, keys: readonly SharedKey[], now: number) => Promise<Read> {
  const headAfter = (link: Link, mirror: unknown): SharedHead | Promise<SharedHead> =>
    heads.fromMirror(link, mirror) ?? heads.ask(link, logScripts.head).then(({ head }) => head)

  /** Entries of one server, few enough for one command. */
  const readPlainly = async (link: Link, keys: readonly SharedKey[], now: number): Promise<Read> => {
    const asked = keys.map(({ key }) => key)
    asked.push(names.mirror)
    const values = items(await link.client.callBuffer('MGET', ...asked))
    const records = keys.map(({ key }, index) => entryRecord(key, now, values[index]))
    const head = headAfter(link, values[keys.length])
    return { records, head: head instanceof Promise ? await head : head }
  }

  const readMixed = async (link: Link, keys: readonly SharedKey[], now: number): Promise<Read> => {
    const { client } = link
    const records: (TierRecord | undefined)[] = Array.from({ length: keys.length })
    const places = { entry: [] as number[], document: [] as number[] }
    keys.forEach(({ format }, index) => places[format].push(index))
    const readEntries = async (batch: readonly SharedKey[], at: readonly number[]): Promise<void> => {
      const values = items(await client.callBuffer('MGET', ...batch.map(({ key }) => key)))
      batch.forEach(({ key }, place) => {
        records[at[place] as number] = entryRecord(key, now, values[place])
      })
    }
    const readDocuments = async (batch: readonly SharedKey[], at: readonly number[]): Promise<void> => {
      const both = batch.flatMap(({ key }) => [key, sidecarKey(key)])
      const values = items(await entryScripts.readDocument.run(client, both))
      batch.forEach(({ key }, place) => {
        records[at[place] as number] = documentRecord(key, now, values.slice(3 * place, 3 * place + 3))
      })
    }
    const [head] = await together(client, () => {
      // The head is asked for last, so that on one server it is not older than the values.
      const work = (['document', 'entry'] as const).flatMap((format) =>
        batches(keys, places[format], client.isCluster === true).map((at) => {
          const batch = at.map((index) => keys[index] as SharedKey)
          return format === 'entry' ? readEntries(batch, at) : readDocuments(batch, at)
        }),
      )
      return Promise.all([heads.read(link), ...work])
    })
    return { records, head }
  }

  return (link, keys, now) =>
    keys.length <= mostKeys && heads.mirrorServes(link) && keys.every(({ format }) => format === 'entry')
      ? readPlainly(link, keys, now)
      : readMixed(link, keys, now)
}
