import { type Engine, assertOpen } from '../engine.ts'
import type { Position } from '../entry/entry.ts'

/** How far a process has applied the log of invalidations. */
export interface LogStanding {
  /** What the process is called in leases; '' where it shares nothing. */
  readonly process: string
  /** Whether other processes follow the same log. */
  readonly shared: boolean
  /** Every record up to here has been applied. */
  readonly position: Position
}

/** Where this process stands; costs nothing. */
export function standingOf({ cluster, order }: Engine): LogStanding {
  return { process: cluster?.process ?? '', shared: cluster !== undefined, position: order.position() }
}

/** Where the log itself stands. @throws E_TIER_READ */
export async function headOf(engine: Engine): Promise<Position> {
  assertOpen(engine)
  const { cluster, order } = engine
  return cluster === undefined ? order.position() : (await cluster.shared.read([])).head
}
