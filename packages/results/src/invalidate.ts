import type { Changed } from './answers.ts'
import { standing } from './begin.ts'
import { change, crown } from './change.ts'
import { texts } from './content.ts'
import { ResultsError, quote } from './errors.ts'
import { labelOf } from './labels.ts'
import * as statements from './statements.ts'
import { type Place, isKept, readId, readTarget } from './place.ts'
import { type Store, typeOf } from './store.ts'

/**
 * What to invalidate at a site: one target, everything of a type, or everything that carries a tag or was derived from a
 * model, a prompt version or a source (a document).
 */
export type InvalidationTarget =
  | { readonly type: string; readonly target: string }
  | { readonly type: string }
  | { readonly id: number }
  | { readonly tag: string }
  | { readonly model: string }
  | { readonly promptVersion: string }
  | { readonly source: string }

/** Who invalidates, and why; both are kept with every result. */
export interface InvalidationNote {
  readonly by?: string
  readonly reason?: string
}

/** What an invalidation did. */
export interface Invalidated {
  /** Results that are invalidated now, generations under way among them. */
  readonly results: number
}

type Kind = keyof typeof statements.invalidate

interface Selection {
  readonly kind: Kind
  readonly parameters: readonly unknown[]
  readonly label: string | null
}

function select(store: Store, what: InvalidationTarget): Selection {
  const names = Object.keys(what).toSorted().join()
  if (names === 'target,type' || names === 'type') {
    const { type, target } = what as { type: string; target: string }
    typeOf(store, type)
    // A target that is undefined is one that somebody has lost, and not every target.
    if (names === 'type') return { kind: 'type', parameters: [type], label: null }
    return { kind: 'target', parameters: [type, readTarget(target)], label: null }
  }
  if (names === 'id') {
    return { kind: 'id', parameters: [readId((what as { id: number }).id)], label: null }
  }
  const value = (what as Record<string, unknown>)[names]
  if (!Object.hasOwn(labelOf, names) || typeof value !== 'string' || value === '') {
    throw new ResultsError(
      'E_RESULT_OPTION',
      `invalidate() was given ${quote(JSON.stringify(what))}: give { type, target }, { type }, { id }, { tag }, ` +
        '{ model }, { promptVersion } or { source }',
    )
  }
  texts([value], names)
  const label = labelOf[names as keyof typeof labelOf](value)
  return { kind: 'label', parameters: [label], label }
}

/**
 * Makes results invalidated: valid ones, expired ones and generations under way. Once it has resolved, no value whose
 * generation began before it becomes valid if it concerns it, even one that names its model or documents only at the end.
 * @throws E_RESULT_OPTION, E_RESULT_UNKNOWN for an id; E_RESULT_CACHE when it is done but the cache could not confirm
 */
export async function invalidate(
  store: Store,
  site: string,
  { what, note }: { readonly what: InvalidationTarget; readonly note: InvalidationNote },
): Promise<Invalidated> {
  const { kind, parameters, label } = select(store, what)
  const by = readNote('by', note.by)
  const reason = readNote('reason', note.reason)
  const { broken, changed } = await change(store, { site, alone: true }, async (within) => {
    const { transaction, now } = within
    const { type = null, target = null } =
      'id' in what ? await standing(within, what.id) : (what as Partial<Place>)
    const noted = await transaction.query<{ id: number }>(statements.insertInvalidation, [
      site,
      type,
      target,
      label,
      by,
      reason,
      now,
    ])
    const { rows } = await transaction.query<{ id: number; type: string; target: string }>(
      statements.invalidate[kind],
      [site, now, by, reason, ...parameters],
    )
    await transaction.query(statements.countInvalidation, [site, noted.rows[0]?.id, rows.length])
    if (kind === 'id' || kind === 'label') {
      for (const [name, targets] of byType(rows)) await crown(within, name, targets)
    }
    return { broken: rows, changed: changedBy(site, { type, target, label }) }
  })
  const ids = new Set(broken.map(({ id }) => id))
  const error = (id: number): ResultsError =>
    new ResultsError('E_RESULT_INVALIDATED', `result ${id} was invalidated while it was generated`)
  for (const id of ids) store.generations.get(id)?.end(error(id))
  for (const { id, end } of store.upgrades) if (ids.has(id)) end(error(id))
  // Who repeats an invalidation that the cache did not confirm finds nothing to change, and drops all the same.
  await store.answers.drop(site, changed)
  return { results: broken.length }
}

/** @throws E_RESULT_OPTION */
function readNote(name: keyof InvalidationNote, value: string | undefined): string | null {
  if (value === undefined) return null
  if (typeof value === 'string' && value.length <= 2_000 && isKept(value)) return value
  throw new ResultsError(
    'E_RESULT_OPTION',
    `${name} is ${quote(value)}: give at most 2000 characters of well-formed text without NUL`,
  )
}

function changedBy(
  site: string,
  { type, target, label }: { type: string | null; target: string | null; label: string | null },
): Changed {
  if (label !== null) return { label }
  return target === null ? { type: type as string } : { place: { site, type: type as string, target } }
}

function byType(rows: readonly { readonly type: string; readonly target: string }[]): Map<string, string[]> {
  const targets = new Map<string, string[]>()
  for (const { type, target } of rows) targets.set(type, [...(targets.get(type) ?? []), target])
  return targets
}
