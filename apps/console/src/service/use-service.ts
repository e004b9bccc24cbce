import { type DataOf, type RouteId, type Routes, routes } from '@reprise/api'
import {
  type UseMutationResult,
  type UseQueryResult,
  keepPreviousData,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { showFailure } from '../shell/notices.ts'
import { type Input, call } from './call.ts'

/** How a route is read. */
export interface ReadOptions {
  /** Milliseconds between readings. @default read once, and again when something changed */
  readonly every?: number
  /** @default true */
  readonly enabled?: boolean
  /** Shows what was there while what replaces it is on its way, as when turning a page. @default false */
  readonly keep?: boolean
}

type Given<Id extends RouteId> =
  Partial<Input<Id>> extends Input<Id>
    ? [input?: Input<Id>, options?: ReadOptions]
    : [input: Input<Id>, options?: ReadOptions]

/** What a route answers, kept and shared by all who read it with the same input. */
export function useRead<Id extends RouteId>(
  id: Id,
  ...[given, options = {}]: Given<Id>
): UseQueryResult<DataOf<Routes[Id]>> {
  const { every, enabled = true, keep = false } = options
  const input = (given ?? {}) as Input<Id>
  return useQuery({
    queryKey: [routes[id].tag, id, input],
    queryFn: ({ signal }) => call(id, input, signal),
    enabled,
    ...(every === undefined ? {} : { refetchInterval: every }),
    ...(keep ? { placeholderData: keepPreviousData } : {}),
  })
}

/** How a route that changes something is called. */
export interface ActOptions<Data> {
  /** The tags whose readings are read again afterwards. @default that of the route */
  readonly changes?: readonly string[]
  readonly onDone?: (data: Data) => void
  /** Leaves the showing of failures to the caller. @default false */
  readonly quiet?: boolean
}

/** A call of a route that changes something; a failure is shown as a notice. */
export function useAct<Id extends RouteId>(
  id: Id,
  options: ActOptions<DataOf<Routes[Id]>> = {},
): UseMutationResult<DataOf<Routes[Id]>, Error, Input<Id>> {
  const { changes = [routes[id].tag], onDone, quiet = false } = options
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (input: Input<Id>) => call(id, input),
    onSuccess: async (data) => {
      onDone?.(data)
      await Promise.all(changes.map((tag) => queries.invalidateQueries({ queryKey: [tag] })))
    },
    onError: (error) => {
      if (!quiet) showFailure(error)
    },
  })
}
