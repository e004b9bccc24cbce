import { randomUUID } from 'node:crypto'
import type { LogRecord, Shared } from '../cluster/shared.ts'
import { integer, items, text } from './reply.ts'
import type { LeaseContext } from './lease-context.ts'
import { logScripts as scripts } from './script.ts'

/** Records that a process which joins looks back at, where a server that fails over alone could undo them. */
const late = 1_000

/** The writing side of the log, and how it is joined. */
export function makeLog(context: LeaseContext): Pick<Shared, 'join' | 'append' | 'prune'> {
  const { call, heads, names, settings } = context
  const keys = [names.hash, names.log, names.mirror]
  return {
    join() {
      const patience = Math.max(settings.deadline, settings.patience)
      return call({ name: 'join', code: 'E_TIER_READ', deadline: patience }, async (link) => {
        const scattered = link.client.isCluster === true
        const { head, answer } = await heads.ask(link, scripts.join, scattered ? late : 0)
        const marks = readMarks(items(answer[6]))
        return scattered
          ? { ...head, marks, deletions: readDeletions(head.era, answer[7]) }
          : { ...head, marks }
      })
    },
    async append(record) {
      const args = [JSON.stringify(record.marks), JSON.stringify(record.keys)]
      const limits = [settings.maxLength, settings.maxAge]
      const reply = await call({ name: 'append', code: 'E_TIER_WRITE' }, ({ client }) =>
        scripts.append.run(client, keys, randomUUID(), ...args, ...limits),
      )
      const [era, n] = items(reply)
      return { era: text(era), n: integer(n) }
    },
    async prune(floor) {
      const deadline = Math.max(settings.deadline, settings.patience)
      await call({ name: 'prune', code: 'E_TIER_WRITE', deadline }, ({ client }) =>
        scripts.prune.run(client, keys, randomUUID(), Math.floor(floor)),
      )
    },
  }
}

function readMarks(fields: readonly unknown[]): ReadonlyMap<string, number> {
  const marks = new Map<string, number>()
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const field = text(fields[index])
    if (field.startsWith('m:')) marks.set(field.slice(2), integer(fields[index + 1]))
  }
  return marks
}

/** A record of the stream and the era it was written in. */
export interface StoredRecord {
  readonly era: string
  readonly record: LogRecord
}

/** Keys that records deleted, and when last; those that they wrote are told apart by their version. */
function readDeletions(era: string, reply: unknown): ReadonlyMap<string, number> {
  const deletions = new Map<string, number>()
  for (const stored of readEntries(items(reply)).toReversed()) {
    if (stored.era !== era) continue
    for (const { key, version } of stored.record.keys)
      if (version === undefined) deletions.set(key, stored.record.n)
  }
  return deletions
}

/** The records of an answer to XREAD of one stream, whose shape depends on the version of the protocol. */
export function readRecords(reply: unknown): readonly StoredRecord[] {
  if (reply === null || reply === undefined) return []
  const [first, second] = items(reply)
  return readEntries(items(Array.isArray(first) ? items(first)[1] : second))
}

function readEntries(entries: readonly unknown[]): readonly StoredRecord[] {
  return entries.map((entry) => {
    const [id, fields] = items(entry)
    const values = new Map<string, string>()
    const pairs = items(fields)
    for (let index = 0; index + 1 < pairs.length; index += 2)
      values.set(text(pairs[index]), text(pairs[index + 1]))
    return {
      era: values.get('era') ?? '',
      record: {
        n: integer(id),
        marks: JSON.parse(values.get('marks') ?? '[]') as LogRecord['marks'],
        keys: JSON.parse(values.get('keys') ?? '[]') as LogRecord['keys'],
      },
    }
  })
}
