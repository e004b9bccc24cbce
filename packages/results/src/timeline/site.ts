import { ResultsError } from '../errors.ts'
import type { BrowseQuery, Browser, SessionsQuery, TimelineSession } from './browse.ts'
import {
  type NewEvent,
  type TimelineEvent,
  type TimelineResource,
  checkEvent,
  groupResources,
  toEvent,
} from './event.ts'
import type { Front } from './front.ts'
import { type Session, type SessionName, checkName, nameSession } from './names.ts'
import type { Answer, Reader, SessionState } from './reader.ts'
import type { TimelineSettings } from './settings.ts'
import type { Store } from './store.ts'

/** Which events of a timeline are wanted. */
export interface TimelineQuery extends SessionName {
  readonly category: string
  /** Only events after this number, such as the last one that was seen. @default 0 */
  readonly after?: number
  /** Only the newest so many, 1 or more. @default all */
  readonly limit?: number
}

/** Whose latest event is wanted. */
export interface LatestQuery extends SessionName {
  readonly category: string
  /** @default any resource: the latest event of the category */
  readonly resource?: string
}

/** The timelines of one site's sessions. Reading and writing both slide the life of a session; only writing makes one. */
export interface SiteTimelines {
  /** Appends one event and gives it with its number. @throws E_TIMELINE_OPTION, E_TIMELINE_PAYLOAD, what the database throws */
  appendEvent(event: SessionName & NewEvent): Promise<TimelineEvent>
  /** Appends all of the events of one session together, or none of them (rows E2, E3), in their order. */
  appendEvents(session: SessionName, events: readonly NewEvent[]): Promise<readonly TimelineEvent[]>
  /** The events of a category, the oldest first. */
  getTimeline(query: TimelineQuery): Promise<readonly TimelineEvent[]>
  /** The event with the highest number of a category, or of a resource in it; null when there is none. */
  latest(query: LatestQuery): Promise<TimelineEvent | null>
  /** The latest event of a resource in each of these categories, all as they were at one moment. */
  latestOfEach<Category extends string>(
    query: SessionName & { readonly resource?: string; readonly categories: readonly Category[] },
  ): Promise<Readonly<Record<Category, TimelineEvent | null>>>
  /** The resources of a session, those with the newest events first, 100 unless told. */
  listResources(query: SessionName & { readonly limit?: number }): Promise<readonly TimelineResource[]>
  /** Ends a session in its scene, or with `everyScene` in all, and forgets its events; gives the number of sessions that were alive. */
  clearSession(session: SessionName & { readonly everyScene?: boolean }): Promise<number>
  /** Forgets a resource of a session in every category; gives the number of events. */
  clearResource(query: SessionName & { readonly resource: string }): Promise<number>
  /** For operators, sliding no life: living sessions, the last begun first, 50 unless told. */
  listSessions(query?: Partial<SessionsQuery>): Promise<readonly TimelineSession[]>
  /** For operators, sliding no life: events, the newest first; with `latest` only the latest of each resource in each category. */
  listEvents(
    query: SessionName & Partial<BrowseQuery> & { readonly latest?: boolean },
  ): Promise<readonly TimelineEvent[]>
}

/** What the timelines of a site are made of. */
export interface SiteParts {
  readonly store: Store
  readonly front: Front | undefined
  readonly browser: Browser
  readonly settings: TimelineSettings
  /** @throws E_TIMELINE_CLOSED */
  readonly assertOpen: () => void
}

/** The timelines of a site. @throws E_TIMELINE_OPTION */
export function createSiteTimelines(siteId: string, parts: SiteParts): SiteTimelines {
  const { store, front, browser, settings, assertOpen } = parts
  const { clock, life, confirmEvery, prefix, maxPayloadBytes, maxSessionBytes } = settings
  const site = checkName('site', siteId)
  /** Sessions that are being brought to Redis. */
  const coming = new Set<string>()

  const named = (name: SessionName): Session => {
    assertOpen()
    return nameSession(prefix, site, name)
  }
  // Both sides know the end of a session, so they agree on when it was last slid.
  const mustSlide = ({ expiresAt }: SessionState): boolean => clock.now() >= expiresAt - life + confirmEvery

  async function read<Value>(
    session: Session,
    ask: (reader: Reader) => Promise<Answer<Value> | undefined>,
    nothing: Value,
  ): Promise<Value> {
    const near = front && (await ask(front))
    if (front !== undefined && near !== undefined && near.state.expiresAt > clock.now()) {
      if (!mustSlide(near.state)) return near.value
      const state = await store.slide(session)
      if (state === undefined) return nothing
      if (state.version === near.state.version) {
        await front.slide(session, state)
        return near.value
      }
    }
    const found = await ask(store)
    if (found === undefined) return nothing
    front?.see(session, found.state.version)
    if (mustSlide(found.state)) await store.slide(session)
    await bring(session)
    return found.value
  }

  /** Puts a session into Redis with the life that it has left. */
  async function bring(session: Session): Promise<void> {
    if (front?.ready !== true || coming.has(session.key)) return
    coming.add(session.key)
    try {
      const whole = await store.whole(session, maxSessionBytes)
      if (whole !== undefined) await front.keep(session, whole)
    } finally {
      coming.delete(session.key)
    }
  }

  async function append(session: Session, events: readonly NewEvent[]): Promise<readonly TimelineEvent[]> {
    const checked = events.map((event) => checkEvent(event, maxPayloadBytes))
    if (checked.length === 0) return []
    const appended = await store.append(session, checked)
    await front?.apply(session, appended)
    return appended.added.map(toEvent)
  }

  return {
    async appendEvent(event) {
      const [appended] = await append(named(event), [event])
      return appended as TimelineEvent
    },
    appendEvents: async (session, events) => append(named(session), events),

    async getTimeline({ category, after = 0, limit, ...name }) {
      const session = named(name)
      const range = {
        category: checkName('category', category),
        after: checkCount('after', after, 0),
        limit: checkCount('limit', limit ?? 2 ** 31 - 1, 1),
      }
      return read(session, (reader) => reader.timeline(session, range), [])
    },

    async latest({ category, resource, ...name }) {
      const session = named(name)
      const of = {
        category: checkName('category', category),
        resource: resource === undefined ? null : checkName('resource', resource),
      }
      const [latest] = await read(session, (reader) => reader.latest(session, [of]), [])
      return latest ?? null
    },

    async latestOfEach<Category extends string>({
      resource = '',
      categories,
      ...name
    }: SessionName & { readonly resource?: string; readonly categories: readonly Category[] }) {
      const session = named(name)
      checkName('resource', resource)
      const of = categories.map((category) => ({ category: checkName('category', category), resource }))
      const found = of.length === 0 ? [] : await read(session, (reader) => reader.latest(session, of), [])
      const entries = categories.map((category, place) => [category, found[place] ?? null] as const)
      return Object.fromEntries(entries) as Record<Category, TimelineEvent | null>
    },

    async listResources({ limit = 100, ...name }) {
      const session = named(name)
      checkCount('limit', limit, 1)
      return groupResources(await read(session, (reader) => reader.resources(session), []), limit)
    },

    async clearSession({ everyScene = false, ...name }) {
      const session = named(name)
      const { removed, version } = await store.clear(session, everyScene ? null : session.scene)
      const sessions = everyScene
        ? removed.map((scene) => nameSession(prefix, site, { sessionId: session.session, scene }))
        : [session]
      if (front !== undefined) await Promise.all(sessions.map((one) => front.supersede(one, version)))
      return removed.length
    },

    async clearResource({ resource, ...name }) {
      const session = named(name)
      const cleared = await store.clearResource(session, checkName('resource', resource))
      if (cleared === undefined) return 0
      await front?.supersede(session, cleared.version)
      return cleared.removed
    },

    async listSessions({ before = Number.MAX_SAFE_INTEGER, limit = 50, sessionId } = {}) {
      assertOpen()
      return browser.sessions(site, { before, limit: checkCount('limit', limit, 1), sessionId })
    },

    async listEvents({ latest = false, category, resource, before, limit = 50, ...name }) {
      const query = {
        category: category === undefined ? undefined : checkName('category', category),
        resource: resource === undefined ? undefined : checkName('resource', resource),
        before,
        limit: checkCount('limit', limit, 1),
      }
      return latest ? browser.latest(named(name), query) : browser.events(named(name), query)
    },
  }
}

function checkCount(name: string, value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value
  throw new ResultsError('E_TIMELINE_OPTION', `${name} is ${value}: give a whole number of ${least} or more`)
}
