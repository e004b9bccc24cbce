import { type RouteId, roles, routes } from '@reprise/api'
import { useQuery } from '@tanstack/react-query'
import { useSession } from '../session/use-session.ts'

/** The ids of the routes that this service has: an application mounts some of them, and another one does not. */
async function readMounted(): Promise<ReadonlySet<string>> {
  const response = await fetch('/openapi.json')
  const document = (await response.json()) as {
    readonly paths: Record<string, Record<string, { readonly operationId?: string }>>
  }
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path))
  return new Set(operations.flatMap(({ operationId }) => operationId ?? []))
}

/**
 * Tells whether a route can be called: the service has it, and the role of the session reaches that of its row. What
 * may not be called is not offered. Until it is known what the service has, nothing may be.
 */
export function useMay(): (id: RouteId) => boolean {
  const { role } = useSession()
  const { data } = useQuery({ queryKey: ['mounted'], queryFn: readMounted, staleTime: Infinity })
  return (id) => data?.has(id) === true && roles.indexOf(role) >= roles.indexOf(routes[id].role)
}

/** Whether it is known what the service has. */
export function useMountedKnown(): boolean {
  return useQuery({ queryKey: ['mounted'], queryFn: readMounted, staleTime: Infinity }).isFetched
}
