import type { NewEvent, SiteTimelines, TimelineEvent } from '../src/index.ts'

/** A session as plain memory has it. */
interface ModelSession {
  expiresAt: number
  events: TimelineEvent[]
}

/** The limits that the model and the timelines under test share. */
export interface ModelLimits {
  readonly life: number
  readonly confirmEvery: number
  readonly maxEvents: number
}

/** Which session an operation is about. */
export interface Place {
  readonly site: string
  readonly sessionId: string
  readonly scene: string
}

const latestOf = (events: readonly TimelineEvent[], match: (event: TimelineEvent) => boolean) =>
  events.findLast(match) ?? null

/** What timelines are, in one process and with nothing that can fail: the numbers of events are taken as they are given. */
export class TimelineModel {
  readonly sessions = new Map<string, ModelSession>()
  #newest = 0
  readonly #limits: ModelLimits

  constructor(limits: ModelLimits) {
    this.#limits = limits
  }

  #key({ site, sessionId, scene }: Place): string {
    return JSON.stringify([site, sessionId, scene])
  }

  #alive(place: Place, now: number): ModelSession | undefined {
    const session = this.sessions.get(this.#key(place))
    return session !== undefined && session.expiresAt > now ? session : undefined
  }

  /** Takes over what an append gave, and says what is wrong with it. */
  append(place: Place, wanted: readonly NewEvent[], given: readonly TimelineEvent[], now: number): string[] {
    const { life, maxEvents } = this.#limits
    const session = this.#alive(place, now) ?? { expiresAt: 0, events: [] }
    session.expiresAt = now + life
    this.sessions.set(this.#key(place), session)
    const wrong: string[] = []
    given.forEach((event, index) => {
      if (event.sequence <= this.#newest) wrong.push(`${event.sequence} came after ${this.#newest}`)
      this.#newest = Math.max(this.#newest, event.sequence)
      const {
        category,
        resource = '',
        payload,
        model = 'unknown',
        strategy = 'unknown',
      } = wanted[index] as NewEvent
      const at = new Date(now).toISOString()
      session.events.push({ sequence: event.sequence, category, resource, payload, model, strategy, at })
    })
    for (const category of new Set(wanted.map((event) => event.category))) {
      const isOld = (event: TimelineEvent): boolean =>
        event.category === category &&
        event !==
          latestOf(
            session.events,
            (other) => other.category === category && other.resource === event.resource,
          )
      while (session.events.filter((event) => event.category === category).length > maxEvents) {
        const oldest = session.events.findIndex(isOld)
        if (oldest === -1) break
        session.events.splice(oldest, 1)
      }
    }
    return wrong
  }

  /** A session as a read finds it, its life slid when that is due. */
  #read(place: Place, now: number): readonly TimelineEvent[] {
    const { life, confirmEvery } = this.#limits
    const session = this.#alive(place, now)
    if (session === undefined) return []
    if (now >= session.expiresAt - life + confirmEvery) session.expiresAt = now + life
    return session.events
  }

  timeline(place: Place, category: string, now: number): readonly TimelineEvent[] {
    return this.#read(place, now).filter((event) => event.category === category)
  }

  latest(place: Place, category: string, resource: string | undefined, now: number): TimelineEvent | null {
    return latestOf(
      this.#read(place, now),
      (event) => event.category === category && (resource === undefined || event.resource === resource),
    )
  }

  resources(place: Place, now: number): Awaited<ReturnType<SiteTimelines['listResources']>> {
    const events = this.#read(place, now)
    return [...new Set(events.toReversed().map(({ resource }) => resource))].map((resource) => {
      const own = events.filter((event) => event.resource === resource)
      const { sequence, at } = own.at(-1) as TimelineEvent
      return {
        resource,
        sequence,
        at,
        categories: Object.fromEntries(own.map((e) => [e.category, e.sequence])),
      }
    })
  }

  /** Forgets a session in one scene or in all, and tells how many were alive. */
  clear(place: Place, everyScene: boolean, now: number): number {
    const { site, sessionId } = place
    const keys = [...this.sessions.keys()].filter((key) =>
      everyScene
        ? key.startsWith(JSON.stringify([site, sessionId]).slice(0, -1) + ',')
        : key === this.#key(place),
    )
    const alive = keys.filter((key) => (this.sessions.get(key)?.expiresAt ?? 0) > now).length
    for (const key of keys) this.sessions.delete(key)
    return alive
  }

  clearResource(place: Place, resource: string, now: number): number {
    const session = this.#alive(place, now)
    if (session === undefined) return 0
    const kept = session.events.filter((event) => event.resource !== resource)
    const removed = session.events.length - kept.length
    session.events = kept
    session.expiresAt = now + this.#limits.life
    return removed
  }
}
