import type { LatestMark, TimelineEvent } from './event.ts'
import type { Session } from './names.ts'

/** Which state of a session an answer is of, and when the session ends unless it is used. */
export interface SessionState {
  /** The number of the newest change; the higher one is the newer state. */
  readonly version: number
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

/** A value read from a session, and the state that it is of. */
export interface Answer<Value> {
  readonly state: SessionState
  readonly value: Value
}

/** Which events of a timeline are wanted. */
export interface TimelineRange {
  readonly category: string
  /** Only events with a higher number. */
  readonly after: number
  /** Only the newest so many. */
  readonly limit: number
}

/** Whose latest event is wanted; null is any resource. */
export interface LatestOf {
  readonly category: string
  readonly resource: string | null
}

/** Something that answers what is asked about sessions: Redis, or the database. Undefined when it has no such session. */
export interface Reader {
  /** Events, the oldest first. */
  timeline(session: Session, range: TimelineRange): Promise<Answer<readonly TimelineEvent[]> | undefined>
  /** The latest event for each, in that order; null where there is none. */
  latest(
    session: Session,
    of: readonly LatestOf[],
  ): Promise<Answer<readonly (TimelineEvent | null)[]> | undefined>
  /** Where the latest event of every category of every resource is, in any order. */
  resources(session: Session): Promise<Answer<readonly LatestMark[]> | undefined>
}
