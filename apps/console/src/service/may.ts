import { type RouteId, roles, routes } from '@reprise/api'
import { useSession } from '../session/use-session.ts'

const placeholder = '__ROUTES__'
const named = document.querySelector<HTMLMetaElement>('meta[name=reprise-routes]')?.content ?? placeholder

/** The ids of the routes that this service has, written into the page by it: an application mounts some, and another one does not. */
const mounted: ReadonlySet<string> = new Set(named === placeholder ? Object.keys(routes) : named.split(' '))

/**
 * Tells whether a route can be called: the service has it, and the role of the session reaches that of its row. What
 * may not be called is not offered.
 */
export function useMay(): (id: RouteId) => boolean {
  const { role } = useSession()
  return (id) => mounted.has(id) && roles.indexOf(role) >= roles.indexOf(routes[id].role)
}
