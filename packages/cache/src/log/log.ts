import type { Position } from '../entry/entry.ts'

/** What the log says when it is joined: the position, and the marks that are in force. */
export interface LogHead extends Position {
  /** Marks at or below this number were pruned; an entry from before it is a miss. */
  readonly floor: number
  /** The newest number of each mark, such as `t:user:7`. */
  readonly marks: ReadonlyMap<string, number>
  /** Keys that were deleted of late and the number of it, where values are kept apart from the log. */
  readonly deletions?: ReadonlyMap<string, number>
}

/**
 * The ordered record of tag, space and tenant invalidations. Numbers are the logical clock: no wall clock
 * decides anything. Adding a kind of log is one file.
 */
export interface InvalidationLog {
  /** Whether its marks outlive the process. */
  readonly durable: boolean
  /** Reads where the log stands; called once, before anything else. */
  join(): Promise<LogHead>
  /** Records marks under the next number and resolves with it once that is durable. */
  append(marks: readonly string[]): Promise<Position>
  /** Forgets marks at or below `floor`, for good. */
  prune(floor: number): Promise<void>
  close(): Promise<void>
}
