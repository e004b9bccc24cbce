import { fenced, invalidatedError, saidBefore, standing, unknownError } from './begin.ts'
import type { Standing } from './begin.ts'
import { type Change, change, crown, lockShelf } from './change.ts'
import { type Content, type Described, describe, endOf, parametersOf, readValue } from './content.ts'
import { ResultsError } from './errors.ts'
import { find } from './read.ts'
import type { ResultRow, StoredResult } from './result.ts'
import * as statements from './statements.ts'
import type { Store } from './store.ts'
import { trimAfterWrite } from './trim.ts'
import { announce, settle } from './write.ts'

/** A value for a row that exists. */
export interface Given {
  readonly site: string
  /** The type of the row, where it is known; else it is asked for. */
  readonly type?: string
  readonly value: unknown
  readonly content: Content
  /** The result whose value still holds: it is given anew, with what it was derived from, instead of `value`. */
  readonly renews?: number | undefined
}

/**
 * Gives a generation its value (row D5).
 * @throws E_RESULT_FENCED when it was taken over or is over, saying who holds the target; E_RESULT_INVALIDATED when an
 * invalidation since it began concerns what it was derived from; E_RESULT_UNKNOWN, E_RESULT_OPTION, E_RESULT_VALUE
 */
export async function finalize(store: Store, id: number, given: Given): Promise<StoredResult> {
  const { site } = given
  // What is renewed has passed its schema, which may take something else than it gives.
  const checked = given.renews === undefined ? await readGiven(store, id, given) : undefined
  const outcome = await change(store, { site }, async (within) => {
    const row = await locked(within, id)
    if (row.status !== 'generating') return fenced(row)
    const renewed = given.renews === undefined ? undefined : await renewable(within, given.renews)
    if (renewed !== undefined && renewed.status === 'invalidated') return breakOff(within, row, renewed)
    const json = checked ?? JSON.stringify(renewed?.value)
    const said = describe(given.content, renewed === undefined ? saidBefore(row) : saidOfBoth(renewed, row))
    const refused = await refuseBroken(within, row, said.labels)
    if (refused !== undefined) return refused
    const end = endOf(store, row.type, { now: within.now, content: given.content })
    const score = given.content.score ?? renewed?.score
    const parameters = [site, id, within.now, end, ...parametersOf(said), json, score]
    const { rows } = await within.transaction.query<ResultRow>(statements.finalize, parameters)
    return settle(within, rows[0] as ResultRow, said.labels)
  })
  if (outcome instanceof ResultsError) throw outcome
  await announce(store, outcome)
  trimAfterWrite(store, outcome)
  return outcome
}

/** What became of an upgrade: kept, or why not; `no-life` is a result that expired, never had a value, or is gone. */
export type Upgrade = 'kept' | 'outranked' | 'invalidated' | 'no-life'

/**
 * Puts a better-ranked value in the place of a finished one, compare-and-set: a lower or equal rank never replaces a
 * higher one, and nothing is put over a result that is no longer valid. The result keeps its id, its place and its end.
 * @throws E_RESULT_OPTION without a rank, E_RESULT_VALUE
 */
export async function upgrade(store: Store, id: number, given: Given): Promise<Upgrade> {
  const { content } = given
  if (content.derivation?.rank === undefined) {
    throw new ResultsError(
      'E_RESULT_OPTION',
      `upgrade of result ${id} has no derivation.rank: give the rank of the new value`,
    )
  }
  const outcome = await upgradeRow(store, id, given).catch((error: unknown) => {
    if (ResultsError.is(error, 'E_RESULT_UNKNOWN')) return 'no-life' as const
    throw error
  })
  if (typeof outcome === 'string') return outcome
  await announce(store, outcome)
  return 'kept'
}

async function upgradeRow(store: Store, id: number, given: Given): Promise<StoredResult | Upgrade> {
  const { site, content } = given
  const json = await readGiven(store, id, given)
  return change(store, { site }, async (within): Promise<StoredResult | Upgrade> => {
    const row = await locked(within, id)
    if (row.status === 'invalidated') return 'invalidated'
    if (row.status !== 'valid' || (row.expires_at !== null && row.expires_at <= within.now)) return 'no-life'
    // The new value has its own model and cost; what was asked stays.
    const { tags, triggeredBy, derivation } = saidBefore(row)
    const { promptVersion, inputsDigest, sources } = derivation
    const kept = Object.fromEntries(
      Object.entries({ promptVersion, inputsDigest, sources }).filter(([, value]) => value !== undefined),
    )
    const said = describe(content, { tags, triggeredBy, derivation: kept, labels: [] })
    if ((await refuseBroken(within, row, said.labels)) !== undefined) return 'invalidated'
    const hasEnd = content.expiresAt !== undefined || content.expires !== undefined
    const end = hasEnd ? endOf(store, row.type, { now: within.now, content }) : row.expires_at
    const parameters = [site, id, within.now, end, ...parametersOf(said), json, content.score ?? row.score]
    const { rows } = await within.transaction.query<ResultRow>(statements.upgrade, parameters)
    return rows[0] === undefined ? 'outranked' : settle(within, rows[0], said.labels)
  })
}

/**
 * The value for a row as JSON. It is read before the change begins: a schema may take its time, or ask the database,
 * and nothing of the site must wait for it. @throws E_RESULT_VALUE, E_RESULT_UNKNOWN
 */
async function readGiven(store: Store, id: number, { site, type, value }: Given): Promise<string> {
  const named = type ?? (await find(store, site, id))?.type
  if (named === undefined) throw unknownError(site, id)
  return readValue(store, named, value)
}

/** A row whose shelf is locked, so that it stays as it is. @throws E_RESULT_UNKNOWN */
async function locked(within: Change, id: number): Promise<Standing> {
  const { type } = await standing(within, id)
  await lockShelf(within, type)
  return standing(within, id)
}

/** What a generation renews, as it is now. @throws E_RESULT_UNKNOWN when it is gone */
async function renewable(within: Change, id: number): Promise<ResultRow> {
  const { rows } = await within.transaction.query<ResultRow>(statements.renewable, [within.site, id])
  return rows[0] ?? standing(within, id)
}

/** What a renewed result was derived from, and what its new generation has said. */
function saidOfBoth(renewed: ResultRow, row: ResultRow): Described {
  const { tokens: _tokens, cost: _cost, ...derivation } = saidBefore(renewed).derivation
  const said = saidBefore(row)
  return {
    ...said,
    derivation: { ...derivation, ...said.derivation },
    tags: [...new Set([...renewed.tags, ...said.tags])],
  }
}

/**
 * An invalidation since the row began that concerns what it turned out to be derived from makes it invalidated: it
 * names a model or a document that was not known at the beginning, so it could not find the row.
 */
async function refuseBroken(
  within: Change,
  row: Standing,
  labels: readonly string[],
): Promise<ResultsError | undefined> {
  const { transaction, site } = within
  const { rows } = await transaction.query<{ invalidated_by: string | null; reason: string | null }>(
    statements.brokenBy,
    [site, row.begun_after, labels],
  )
  return rows[0] === undefined ? undefined : breakOff(within, row, rows[0])
}

/** Makes a generation invalidated by what it should have known. */
async function breakOff(
  within: Change,
  row: Standing,
  { invalidated_by: by, reason }: Pick<ResultRow, 'invalidated_by' | 'reason'>,
): Promise<ResultsError> {
  const { transaction, site, now } = within
  if (row.status === 'generating') {
    await transaction.query(statements.invalidate.id, [site, now, by, reason, row.id])
    await crown(within, row.type, [row.target])
  }
  return invalidatedError(row, { by, reason, holder: 'nobody generates it now: begin again' })
}
