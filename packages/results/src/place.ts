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

/** Whether a database keeps a text as it is: halves of surrogate pairs would all become one and the same character. */
export const isKept = (text: string): boolean => !/[\p{Surrogate}\0]/u.test(text)

/** A site's name, checked. A number is its digits. @throws E_RESULT_OPTION */
export function readSite(site: string | number): string {
  const name = typeof site === 'number' && Number.isSafeInteger(site) ? String(site) : site
  if (isName(name, 200) && name !== '*') return name
  throw new ResultsError(
    'E_RESULT_OPTION',
    `site is ${quote(site)}: give 1 to 200 characters of well-formed text without NUL, not "*", or a whole number`,
  )
}

function isName(name: unknown, longest: number): name is string {
  return typeof name === 'string' && name !== '' && name.length <= longest && isKept(name)
}

/** A target's name, checked. @throws E_RESULT_OPTION */
export function readTarget(target: string): string {
  if (isName(target, 400)) return target
  throw new ResultsError(
    'E_RESULT_OPTION',
    `target is ${quote(target)}: give 1 to 400 characters of well-formed text without NUL`,
  )
}

/** The id of a result, checked. @throws E_RESULT_OPTION */
export function readId(id: number): number {
  if (Number.isSafeInteger(id)) return id
  throw new ResultsError('E_RESULT_OPTION', `id is ${quote(id)}: give the id of a result, a whole number`)
}
