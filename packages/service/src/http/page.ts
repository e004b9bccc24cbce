/** A page of a list: its items, and the cursor that the next one begins after, or null at the end. */
export interface Page<Item> {
  readonly items: Item[]
  readonly next_cursor: string | null
}

/** A page of at most `limit` of the rows, which are one more than that where there is a next page. */
export function pageOf<Item>(
  rows: readonly Item[],
  limit: number,
  cursorOf: (item: Item) => string,
): Page<Item> {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, next_cursor: rows.length > limit && last !== undefined ? cursorOf(last) : null }
}
