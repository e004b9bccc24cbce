import { type Change, change, crown, lockShelf } from './change.ts'
import { type Content, describe, endOf, parametersOf, readValue, writeLabels } from './content.ts'
import { type ResultRow, type StoredResult, toResult } from './result.ts'
import * as statements from './statements.ts'
import type { Place } from './place.ts'
import type { Store } from './store.ts'
import { trimAfterWrite } from './trim.ts'

/** Writes a finished result: it is the newest of its target (row D3). @throws E_RESULT_OPTION, E_RESULT_VALUE */
export async function write(
  store: Store,
  place: Place,
  given: { value: unknown; content: Content },
): Promise<StoredResult> {
  const json = await readValue(store, place.type, given.value)
  const said = describe(given.content)
  const { site, type, target } = place
  const result = await change(store, { site }, async (within) => {
    await lockShelf(within, type)
    const { now, transaction } = within
    const end = endOf(store, type, { now, content: given.content })
    const { score } = given.content
    const parameters = [site, type, target, now, ...parametersOf(said), json, score, end]
    const { rows } = await transaction.query<ResultRow>(statements.insertValid, parameters)
    return settle(within, rows[0] as ResultRow, said.labels)
  })
  await announce(store, place)
  trimAfterWrite(store, result)
  return result
}

/** What every row that became valid needs: its labels, and its place as head where it is the newest. */
export async function settle(
  within: Change,
  row: ResultRow,
  labels: readonly string[],
): Promise<StoredResult> {
  await writeLabels(within, row.id, labels)
  await crown(within, row.type, [row.target])
  return toResult(row)
}

/**
 * Drops the cached answer of a place after a commit. The change stands whether or not the cache confirms, so here a
 * cache that is away is a warning: what it may still serve is a result that was valid.
 */
export async function announce(store: Store, place: Place): Promise<void> {
  try {
    await store.answers.drop(place.site, { place })
  } catch (error) {
    store.warn('the cache may still serve an older result', error)
  }
}
