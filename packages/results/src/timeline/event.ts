import { checkName } from './names.ts'
import { payloadText } from './payload.ts'

/** An event as it is appended. */
export interface NewEvent {
  /** What kind of thing happened, such as `context_analysis`: 1 to 100 bytes. */
  readonly category: string
  /** What it is about, such as the address of a screenshot: at most 2,000 bytes. @default '': the session itself */
  readonly resource?: string
  /** What JSON can hold, `null` included; it comes back as it was given. */
  readonly payload: unknown
  /** The model that made it (row E1). @default 'unknown' */
  readonly model?: string
  /** The strategy that made it, such as `premium` (row E1). @default 'unknown' */
  readonly strategy?: string
}

/** An event of a timeline. */
export interface TimelineEvent {
  /** Its number: higher than that of every event before it in its session; never given again. */
  readonly sequence: number
  readonly category: string
  readonly resource: string
  readonly payload: unknown
  readonly model: string
  readonly strategy: string
  /** When it was appended, as an ISO instant in UTC, by the clock of the process that did it; it decides nothing. */
  readonly at: string
}

/** A checked event with its payload as JSON text, before it has a number. */
export interface CheckedEvent {
  readonly category: string
  readonly resource: string
  readonly payload: string
  readonly model: string
  readonly strategy: string
}

/** A row of an event: its payload as JSON text, its time in milliseconds since 1970. */
export interface EventRow extends CheckedEvent {
  readonly sequence: number
  readonly at: number
}

/** Where the latest event of a category of a resource is. */
export interface LatestMark {
  readonly category: string
  readonly resource: string
  readonly sequence: number
  readonly at: number
}

/** A resource of a session. */
export interface TimelineResource {
  readonly resource: string
  /** The number of the latest event of each of its categories. */
  readonly categories: Readonly<Record<string, number>>
  /** The number and time of its latest event. */
  readonly sequence: number
  readonly at: string
}

/** Checks an event on its way in. @throws E_TIMELINE_OPTION, E_TIMELINE_PAYLOAD */
export function checkEvent(event: NewEvent, maxPayloadBytes: number): CheckedEvent {
  const { category, resource = '', payload, model = 'unknown', strategy = 'unknown' } = event
  return {
    category: checkName('category', category),
    resource: checkName('resource', resource),
    payload: payloadText(payload, maxPayloadBytes),
    model: checkName('model', model),
    strategy: checkName('strategy', strategy),
  }
}

/** The event of a row. */
export function toEvent({
  sequence,
  category,
  resource,
  payload,
  model,
  strategy,
  at,
}: EventRow): TimelineEvent {
  const value: unknown = JSON.parse(payload)
  return { sequence, category, resource, payload: value, model, strategy, at: new Date(at).toISOString() }
}

/** The event of a row as JSON text, as Redis holds it. */
export function eventText({ sequence, category, resource, payload, model, strategy, at }: EventRow): string {
  const head = JSON.stringify({
    sequence,
    category,
    resource,
    model,
    strategy,
    at: new Date(at).toISOString(),
  })
  return `${head.slice(0, -1)},"payload":${payload}}`
}

/** Resources by their latest events, the newest first. */
export function groupResources(marks: readonly LatestMark[], limit: number): readonly TimelineResource[] {
  const byResource = new Map<string, LatestMark[]>()
  for (const mark of marks.toSorted((a, b) => b.sequence - a.sequence)) {
    const known = byResource.get(mark.resource)
    if (known === undefined) byResource.set(mark.resource, [mark])
    else known.push(mark)
  }
  return [...byResource].slice(0, limit).map(([resource, newestFirst]) => {
    const [{ sequence, at }] = newestFirst as [LatestMark]
    const categories = Object.fromEntries(newestFirst.map((mark) => [mark.category, mark.sequence]))
    return { resource, categories, sequence, at: new Date(at).toISOString() }
  })
}
