import { RepriseError } from '../errors.ts'
import type {
  AcquireOptions,
  Acquired,
  Shared,
  SharedFailure,
  SharedHead,
  SharedKey,
} from '../cluster/shared.ts'
import type { LeaseContext } from './lease-context.ts'
import { failureKey, groupBySlot, leaseKey, sidecarKey } from './keys.ts'
import { type Link, together } from './link.ts'
import { documentRecord, entryRecord } from './read.ts'
import { integer, text } from './reply.ts'
import { entryScripts as scripts } from './script.ts'

/** Most keys of one script: a server does nothing else meanwhile. */
const mostKeys = 64

interface Asking {
  readonly key: SharedKey
  readonly options: AcquireOptions
  readonly resolve: (answer: { readonly acquired: Acquired; readonly head: SharedHead }) => void
  readonly reject: (error: unknown) => void
}

interface Answers {
  /** One for each key; an Error where one key could not be asked for. */
  readonly acquired: readonly (Acquired | Error)[]
  readonly head: SharedHead
}

/**
 * Asks for the right to load. What is asked for in one tick goes out in as few scripts as there are slots and
 * formats, with one look at the head of the log for each: on a hit it costs little more than a read.
 */
export function makeAcquire(
  context: LeaseContext,
  sendRelease: (link: Link, key: string, token: string) => Promise<unknown>,
): Shared['acquire'] {
  const { call, heads, settings } = context
  let waiting: Asking[] = []

  // The nodes of a Cluster have clocks of their own, and only one of them is known: there a late grant is not refused.
  const latestGrant = ({ client }: Link, sent: number): number =>
    client.isCluster === true ? Number.MAX_SAFE_INTEGER : Math.ceil(sent + heads.offset() + settings.deadline)

  const ask = async (link: Link, batch: readonly Asking[]): Promise<Answers> => {
    const sent = settings.clock.now()
    const { format } = (batch[0] as Asking).key
    const { lease } = (batch[0] as Asking).options
    const keys = batch.flatMap(({ key: { key } }) =>
      format === 'document'
        ? [key, leaseKey(key), failureKey(key), sidecarKey(key)]
        : [key, leaseKey(key), failureKey(key)],
    )
    const asked = batch.flatMap(({ options }) => [options.token, askedBeside(options)])
    const [head, reply] = await together(link.client, () =>
      Promise.all([
        heads.read(link),
        scripts.acquire.run(
          link.client,
          keys,
          format,
          Math.max(1, Math.ceil(lease)),
          settings.leaseGrace,
          latestGrant(link, sent),
          ...asked,
        ),
      ]),
    )
    const answers = Array.isArray(reply) ? (reply as readonly unknown[]) : []
    return { acquired: batch.map(({ key }, at) => acquiredFrom(key, sent, answers[at])), head }
  }

  const sendBatch = (batch: readonly Asking[]): void => {
    call<Answers>(
      {
        name: 'acquire',
        // For whoever asks it is a read; a lease that is given too late is given back.
        code: 'E_TIER_READ',
        keys: batch.length,
        // Nobody waits for these leases any more; others must not wait for their end.
        late({ acquired }, link) {
          for (const [at, one] of acquired.entries()) {
            const { key, options } = batch[at] as Asking
            if (!(one instanceof Error) && one.kind === 'granted')
              sendRelease(link, key.key, options.token).catch(() => {})
          }
        },
      },
      (link) => ask(link, batch),
    ).then(
      ({ acquired, head }) => {
        for (const [at, one] of acquired.entries()) {
          const { resolve, reject } = batch[at] as Asking
          if (one instanceof Error) reject(one)
          else resolve({ acquired: one, head })
        }
      },
      (error: unknown) => {
        for (const { reject } of batch) reject(error)
      },
    )
  }

  const send = (): void => {
    const all = waiting
    waiting = []
    for (const batch of batchesOf(
      all,
      settings.client?.isCluster === true || settings.addresses.cluster !== undefined,
    ))
      sendBatch(batch)
  }
  const later = (): void => process.nextTick(send)

  return (key, options) => {
    if (waiting.length === 0) queueMicrotask(later)
    return new Promise((resolve, reject) => {
      waiting.push({ key, options, resolve, reject })
    })
  }
}

/** Askings that one script can take: of one format and length of lease, on a Cluster of one slot, of different keys, and not too many. */
function batchesOf(all: readonly Asking[], cluster: boolean): readonly (readonly Asking[])[] {
  const groups = new Map<string, Asking[][]>()
  const slots = new Map<Asking, number>()
  if (cluster) {
    groupBySlot(all.map(({ key }) => key.key)).forEach((group, slot) => {
      for (const at of group) slots.set(all[at] as Asking, slot)
    })
  }
  for (const one of all) {
    const name = `${one.key.format} ${one.options.lease} ${slots.get(one) ?? ''}`
    const parts = groups.get(name)
    const last = parts?.at(-1)
    if (parts === undefined) groups.set(name, [[one]])
    else if (last === undefined || last.length >= mostKeys) parts.push([one])
    else last.push(one)
  }
  return [...groups.values()].flat()
}

function askedBeside({ judged = '', removeJudged = false, force = false }: AcquireOptions): string {
  if (judged === '' && !force) return ''
  return (force ? (removeJudged ? 'b' : 'f') : removeJudged ? 'r' : '-') + judged
}

function acquiredFrom({ key, format }: SharedKey, sent: number, reply: unknown): Acquired | Error {
  if (Buffer.isBuffer(reply))
    return { kind: 'value', record: { key, body: reply, createdAt: sent, expiresAt: Infinity } }
  const parts: readonly unknown[] = Array.isArray(reply) ? reply : []
  const kind = text(parts[0])
  if (kind === 'granted') return { kind, gen: text(parts[1]) }
  if (kind === 'wait') return { kind, left: integer(parts[1]) }
  if (kind === 'failed') {
    const failure = JSON.parse(text(parts[1])) as SharedFailure
    return { kind, failure, left: integer(parts[2]) }
  }
  if (kind === 'value') {
    const record =
      format === 'document' ? documentRecord(key, sent, parts.slice(1)) : entryRecord(key, sent, parts[1])
    if (record !== undefined) return { kind, record }
  }
  const why = kind === 'error' ? text(parts[1]) : kind
  return new RepriseError(
    'E_TIER_READ',
    `redis acquire: the server answered "${why}" where the lease of "${key}" was asked for`,
  )
}
