import { z } from 'zod'
import { lineOf, queryNumber } from './text-fields.ts'

/** What the query of a list may carry: where to go on, as the page before said, and how many items to give. */
export const pageQuery = { cursor: lineOf(500).optional(), limit: queryNumber(1, 200, 50) }

/** A page of a list; `next_cursor` is null on the last one. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.strictObject({ items: z.array(item), next_cursor: z.string().nullable() })
}
