import { ResultsError, quote } from './errors.ts'

/** A type and a target at a site. */
export interface Place {
  readonly site: string
  readonly type: string
  readonly target: string
}

/** A place as messages show it. */
export const shown = ({ site, type, target }: Place): string =>
  `${type} ${quote(target)} of site ${quote(site)}`

/** A site's name, checked. A number is its digits. @throws E_RESULT_OPTION */
export function readSite(site: string | number): string {
  const name = typeof site === 'number' && Number.isSafeInteger(site) ? String(site) : site
  if (typeof name === 'string' && /^[^\0]{1,200}$/s.test(name) && name !== '*') return name
  throw new ResultsError(
    'E_RESULT_OPTION',
    `site is ${quote(site)}: give 1 to 200 characters, not "*", or a whole number`,
  )
}

/** A target's name, checked. @throws E_RESULT_OPTION */
export function readTarget(target: string): string {
  if (typeof target === 'string' && /^[^\0]{1,400}$/s.test(target)) return target
  throw new ResultsError('E_RESULT_OPTION', `target is ${quote(target)}: give 1 to 400 characters`)
}
