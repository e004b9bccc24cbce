import { HttpError } from '../http/http-error.ts'
import { type Caller, tenantOf } from './authenticate.ts'

/**
 * The site that a request is about: a caller who is bound to a tenant sees the site of that name and no other, anybody
 * else has to name one.
 * @throws HttpError 422 without a site; 403 for another than the caller's
 */
export function siteFor(caller: Caller, asked: string | undefined): string {
  const site = tenantOf(caller, asked)
  if (site !== undefined) return site
  const details = [{ field: 'site', message: 'Name the site' }]
  throw new HttpError(422, 'Bad parameters: site', { details })
}
