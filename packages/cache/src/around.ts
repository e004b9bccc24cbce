import type { Events } from './events.ts'

/** A step that something can be run around. It has no keys and no values. */
export type Step =
  | { readonly name: 'load'; readonly space: string; readonly reason: Events['load-started']['reason'] }
  /** How many keys and marks (of tags, spaces and tenants) are invalidated. */
  | { readonly name: 'invalidate'; readonly keys: number; readonly marks: number }

/** Runs a step: calls `run` once and resolves or rejects as it does. */
export type AroundStep = <T>(step: Step, run: () => Promise<T>) => Promise<T>

let around: AroundStep | undefined

/**
 * Runs every load and every invalidation of the caches of this process inside of something, such as an active span: what
 * a loader calls is then inside of it too, which no event can do. One at a time: a later one takes the place of an
 * earlier one. Returns what ends it.
 */
export function aroundSteps(next: AroundStep): () => void {
  around = next
  return () => {
    if (around === next) around = undefined
  }
}

/** Runs a step inside of what was given for it, if anything was. */
export function runStep<T>(step: Step, run: () => Promise<T>): Promise<T> {
  return around === undefined ? run() : around(step, run)
}
