// Redis in front of the database. It never knows more than the database, and the version with every answer tells which
// state it is of. A change is put here after it was committed; where that fails, other processes find out when they next
// confirm: an answer of Redis is never older than `confirmEvery`. Where Redis forgets a session, even an older state that
// a process had read before can come to stand there. So each process remembers which state it has seen or made last, for
// as long as an older one may be served unconfirmed, and does not believe that: what it answers never goes back.
import { createCall } from './call.ts'
import { type EventRow, type LatestMark, type TimelineEvent, eventText } from './event.ts'
import type { Session } from './names.ts'
import type { Answer, LatestOf, Reader, SessionState } from './reader.ts'
import type { TimelineRedis } from './redis.ts'
import { type Script, scripts } from './script.ts'
import type { TimelineSettings } from './settings.ts'
import type { Appended } from './store.ts'

/** Timelines in Redis. Nothing here rejects: what Redis does not do in time is as if it had nothing. */
export interface Front extends Reader {
  /** Whether Redis would be asked now. */
  readonly ready: boolean
  /** Follows an append of the database. */
  apply(session: Session, appended: Appended): Promise<void>
  /** Keeps a session that was read from the database. */
  keep(session: Session, whole: Answer<readonly EventRow[]>): Promise<void>
  /** Follows the end of a session. */
  slide(session: Session, state: SessionState): Promise<void>
  /** Forgets all states before a version, which Redis will not have itself. */
  supersede(session: Session, version: number): Promise<void>
  /** Believes nothing older than this version, which the database has answered with. */
  see(session: Session, version: number): void
}

const pairOf = (category: string, resource: string): string => JSON.stringify([category, resource])

const argumentsOf = (row: EventRow): (string | number)[] => [
  row.sequence,
  row.category,
  pairOf(row.category, row.resource),
  row.at,
  eventText(row),
]

const event = (text: string): TimelineEvent => JSON.parse(text)

function mark(field: string, place: string): LatestMark {
  const [category, resource]: [string, string] = JSON.parse(field.slice(2))
  const [sequence, at] = place.split(' ').map(Number) as [number, number]
  return { category, resource, sequence, at }
}

/** The front over a client. */
export function createFront(client: TimelineRedis, settings: TimelineSettings): Front {
  const { clock, confirmEvery, maxSessionBytes } = settings
  const call = createCall(client, settings)
  /** The newest version of each session that was seen or made here, the last one at the end, and until when it is remembered. */
  const seen = new Map<string, { readonly version: number; readonly until: number }>()

  function see({ key }: Session, version: number): void {
    const now = clock.now()
    for (const [old, { until }] of seen) {
      if (until > now) break
      seen.delete(old)
    }
    const known = seen.get(key)?.version ?? 0
    seen.delete(key)
    seen.set(key, { version: Math.max(known, version), until: now + confirmEvery })
  }
  async function tell(version: number, script: Script, session: Session, ...args: (string | number)[]) {
    await call.run(script, session.key, ...args)
    see(session, version)
  }
  async function read<Value>(
    session: Session,
    ask: readonly [script: Script, ...args: (string | number)[]],
    decode: (rest: readonly (string | null)[]) => Value,
  ): Promise<Answer<Value> | undefined> {
    const answer = await call.run(ask[0], session.key, ...(ask.slice(1) as string[]))
    if (answer === undefined || !Array.isArray(answer.reply)) return undefined
    const [version, expiresAt, ...rest] = answer.reply.map((part) => (part === null ? null : String(part)))
    const state = { version: Number(version), expiresAt: Number(expiresAt) }
    if (state.version < (seen.get(session.key)?.version ?? 0)) return undefined
    try {
      const value = decode(rest)
      see(session, state.version)
      return { state, value }
    } catch {
      // What another program left there is as if it were not.
      return undefined
    }
  }
  const life = (expiresAt: number): number => Math.max(1, Math.ceil(expiresAt - clock.now()))

  return {
    get ready() {
      return call.ready
    },
    timeline: (session, { category, after, limit }) =>
      read(session, [scripts.readTimeline, category, after, limit], (texts) =>
        texts.map((text) => event(text ?? '')),
      ),
    latest(session, of) {
      const field = ({ category, resource }: LatestOf): string =>
        resource === null ? `c:${category}` : `l:${pairOf(category, resource)}`
      return read(session, [scripts.readLatest, ...of.map(field)], (texts) =>
        texts.map((text) => (text === null ? null : event(text))),
      )
    },
    resources: (session) =>
      read(session, [scripts.readResources], (parts) => {
        const texts = parts as readonly string[]
        return texts.flatMap((field, place) => (place % 2 === 0 ? [mark(field, texts[place + 1] ?? '')] : []))
      }),

    apply(session, { base, version, bytes, expiresAt, added, trimmed }) {
      if (bytes > maxSessionBytes) return tell(version, scripts.supersede, session, version)
      const head = [base, version, expiresAt, life(expiresAt), trimmed.map((number) => `${number},`).join('')]
      return tell(version, scripts.apply, session, ...head, ...added.flatMap(argumentsOf))
    },
    async keep(session, { state: { version, expiresAt }, value }) {
      const events = value.flatMap(argumentsOf)
      await call.run(scripts.keep, session.key, version, expiresAt, life(expiresAt), ...events)
    },
    async slide(session, { version, expiresAt }) {
      await call.run(scripts.slide, session.key, version, expiresAt, life(expiresAt))
    },
    supersede: (session, version) => tell(version, scripts.supersede, session, version),
    see,
  }
}
