import { HttpError } from './http-error.ts'

/** A page of a list, as the API gives it. */
export interface Page<Item> {
  readonly items: Item[]
  readonly next_cursor: string | null
}

/**
 * The page of a list: `found` was asked for one item more than the `limit`, which tells whether there is a next page;
 * `cursorOf` says where it goes on after an item.
 */
export function pageOf<Found, Item>(
  found: readonly Found[],
  limit: number,
  as: { readonly item: (found: Found) => Item; readonly cursor: (found: Found) => string | number },
): Page<Item> {
  const shown = found.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: shown.map(as.item),
    next_cursor: found.length > limit && last !== undefined ? String(as.cursor(last)) : null,
  }
}

/** The number that a cursor of such a list is; undefined without one. @throws HttpError 422 for any other text */
export function numberCursor(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined
  if (/^[1-9]\d{0,15}$/.test(cursor)) return Number(cursor)
  const details = [{ field: 'cursor', message: 'Give the next_cursor of the page before' }]
  throw new HttpError(422, 'Bad parameters: cursor', { details })
}
