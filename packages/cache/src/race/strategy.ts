import type { Provenance } from '../entry/entry.ts'

/** What a strategy may know and say. */
export interface StrategyContext {
  /** Fires when its answer could not improve anything any more, its time is over, or nobody waits. */
  readonly signal: AbortSignal
  /** Says which model answered and what it cost; `strategy` and `rank` are known. */
  readonly meta: (meta: Pick<Provenance, 'model' | 'cost'>) => void
}

/** One way to make a value. */
export type Strategy<Value> = (context: StrategyContext) => Value | Promise<Value>

/** Why the signal of a strategy fires that was beaten. */
export function lossOf(winner: string): DOMException {
  return new DOMException(`beaten by "${winner}": its answer could not improve anything`, 'AbortError')
}
