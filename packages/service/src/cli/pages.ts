/** A page of a list, as every route answers it. */
export interface Page<Item> {
  readonly items: readonly Item[]
  readonly next_cursor: string | null
}

/** The items of a list, page after page, up to `most` of them. */
export async function* pages<Item>(
  read: (query: { readonly cursor?: string; readonly limit: number }) => Promise<Page<Item>>,
  most: number,
): AsyncGenerator<Item> {
  let cursor: string | undefined
  let left = most
  do {
    const page = await read({ limit: Math.min(200, left), ...(cursor === undefined ? {} : { cursor }) })
    for (const item of page.items) {
      if (left <= 0) return
      left -= 1
      yield item
    }
    cursor = page.next_cursor ?? undefined
  } while (cursor !== undefined && left > 0)
}

/** All of them at once, for a table whose columns are as wide as their widest item. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}
