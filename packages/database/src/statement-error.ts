import { DatabaseError } from './errors.ts'
import type { DatabaseErrorDetails } from './errors.ts'

// Connection exceptions, and the server shutting down, crashed or starting up.
const lostConnection = /^(08...|57P0[1-4])$/

/** What a driver threw, as this package describes it: SQLSTATE, constraint and position where there are any. */
export function readDriverError(error: unknown): DatabaseErrorDetails & { readonly message: string } {
  if (typeof error !== 'object' || error === null) return { cause: error, message: String(error) }
  const field = (name: string): unknown => (error as Record<string, unknown>)[name]
  const code = field('code')
  const constraint = field('constraint')
  const position = Number(field('position'))
  const message = field('message')
  return {
    cause: error,
    message: firstText(message, code, 'no reason given'),
    sqlState: typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined,
    constraint: typeof constraint === 'string' ? constraint : undefined,
    position: position > 0 ? position : undefined,
  }
}

// Node's AggregateError of a refused connection has an empty message and a telling code.
function firstText(...candidates: readonly unknown[]): string {
  return candidates.find((candidate) => typeof candidate === 'string' && candidate !== '') as string
}

/** The error of a statement that failed: E_DATABASE_QUERY, or E_DATABASE_UNREACHABLE when the connection broke. */
export function statementError(error: unknown, text: string, where: string): DatabaseError {
  if (DatabaseError.is(error)) return error
  const details = readDriverError(error)
  if (details.sqlState === undefined || lostConnection.test(details.sqlState)) {
    return new DatabaseError(
      'E_DATABASE_UNREACHABLE',
      `The connection to ${where} was lost (${details.message}) during: ${shorten(text)}`,
      details,
    )
  }
  return new DatabaseError(
    'E_DATABASE_QUERY',
    `${details.message} (SQLSTATE ${details.sqlState}) in: ${shorten(text)}`,
    details,
  )
}

/** The error of using a database after `close()`. */
export function closedError(where: string): DatabaseError {
  return new DatabaseError('E_DATABASE_CLOSED', `${where} is closed: open it again before using it`)
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length > 200 ? `${line.slice(0, 200)}…` : line
}
