import { STATUS_CODES } from 'node:http'
import { errorTable } from '@reprise/cache'
import { databaseErrorCodes } from '@reprise/database'
import { resultsErrorCodes } from '@reprise/results'
import { tokenErrorTable } from '@reprise/tokens'
import { taskErrorTable } from '../tasks/errors.ts'
import type { HttpStatus } from './http-error.ts'

/** Where the page of all errors is. */
export const errorPagePath = '/docs/errors'

/** What each code means that says more than its HTTP status does, from the tables of the packages. */
export const meanings: ReadonlyMap<string, string> = new Map([
  ['VALIDATION_ERROR', 'Something in the request is missing, unknown or not valid'],
  ...[errorTable, taskErrorTable, tokenErrorTable].flatMap((table) =>
    Object.entries(table).map(([code, { about }]) => [code, about] as const),
  ),
  ...Object.entries(resultsErrorCodes),
  ...Object.entries(databaseErrorCodes),
])

/** The type of the problem of a code (RFC 9457, section 3.1.1): its place on the page of all errors, or `about:blank`. */
export function typeOf(code: string): string {
  return meanings.has(code) ? `${errorPagePath}#${code}` : 'about:blank'
}

/** The title of the problem: what the code means, or the phrase of the status. */
export function titleOf(code: string, status: HttpStatus): string {
  return meanings.get(code) ?? STATUS_CODES[status] ?? code
}
