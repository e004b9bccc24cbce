import type { DataOf, RouteId, Routes } from '@reprise/api'
import { routes } from '@reprise/api'
import { type Query as Kept, useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { type Input, call } from './call.ts'

/** The ids of the routes that answer lists, page after page. */
export type ListId = {
  [Id in RouteId]: DataOf<Routes[Id]> extends {
    readonly items: readonly unknown[]
    readonly next_cursor: string | null
  }
    ? Id
    : never
}[RouteId]

/** An item of such a list. */
export type ItemOf<Id extends ListId> = DataOf<Routes[Id]>['items'][number]

/** What a list can be narrowed to. */
export type Narrowed<Id extends ListId> =
  Input<Id> extends { readonly query?: infer Query } ? Omit<NonNullable<Query>, 'cursor' | 'limit'> : never

/** A list as far as it was read. */
export interface List<Item> {
  /** Undefined before the first page is there. */
  readonly items: readonly Item[] | undefined
  readonly error: Error | null
  /** There are more pages. */
  readonly hasMore: boolean
  /** Reads the next page; while one is on its way it changes nothing. */
  readonly more: () => void
  /** Reads everything again. */
  readonly again: () => void
}

// The compiler does not see through the generic id that a page of this list has items of this list.
function itemsOf<Id extends ListId>(page: { readonly items: readonly unknown[] }): readonly ItemOf<Id>[] {
  return page.items as readonly ItemOf<Id>[]
}

/** Items in a page of a list. */
const pageSize = 200
/** Pages of a list that is read again by itself. */
const fewPages = 5

/**
 * Whether what was read is soon read again. A list that somebody has scrolled far down is not: that would be a request for
 * each page, and rows that move under the eyes.
 */
export function isSoonRead({ state }: Pick<Kept, 'state'>): boolean {
  const pages = (state.data as { readonly pages?: readonly unknown[] } | undefined)?.pages ?? []
  return pages.length <= fewPages
}

/** A list that is read page after page as somebody scrolls down. */
export function useList<Id extends ListId>(
  id: Id,
  query: Narrowed<Id>,
  options: { readonly enabled?: boolean; readonly every?: number } = {},
): List<ItemOf<Id>> {
  const { enabled = true, every } = options
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery({
    queryKey: [routes[id].tag, id, query],
    queryFn: ({ pageParam, signal }) => {
      const cursor = pageParam === null ? {} : { cursor: pageParam }
      const input = { query: { ...query, ...cursor, limit: pageSize } } as unknown as Input<Id>
      return call(id, input, signal)
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor }) => next_cursor,
    enabled,
    refetchOnWindowFocus: isSoonRead,
    refetchOnReconnect: isSoonRead,
    ...(every === undefined ? {} : { refetchInterval: every }),
  })
  const items = useMemo(() => data?.pages.flatMap((page) => itemsOf<Id>(page)), [data])
  return {
    items,
    error,
    hasMore: hasNextPage,
    more: () => {
      if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
    },
    again: () => void refetch(),
  }
}
