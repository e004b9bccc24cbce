import { type Route, type RouteId, roles, routes } from '@reprise/api'
import { useSession } from '../session/use-session.ts'

const placeholder = '__ROUTES__'
const named = document.querySelector<HTMLMetaElement>('meta[name=reprise-routes]')?.content ?? placeholder

/** The ids of the routes that this service has, written into the page by it: an application mounts some, and another one does not. */
const mounted: ReadonlySet<string> = new Set(named === placeholder ? Object.keys(routes) : named.split(' '))

/**
 * Tells whether a route can be called: the service has it, the role of the session reaches that of its row, and the row
 * is for callers who are bound to a tenant where the session is. What may not be called is not offered.
 */
export function useMay(): (id: RouteId) => boolean {
  const { role, tenant } = useSession()
  return (id) => {
    const route: Route = routes[id]
    const within = tenant === null || route.tenantBound === true || route.role === 'public'
    return within && mounted.has(id) && roles.indexOf(role) >= roles.indexOf(route.role)
  }
}
