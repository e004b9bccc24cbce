import { Client } from 'pg'
import { DatabaseError } from './errors.ts'
import { readDriverError } from './statement-error.ts'

/**
 * Where a PostgreSQL URL points, as `host:port/database`, without its user and password.
 * Throws E_DATABASE_OPTION, never quoting the URL, when it is not a PostgreSQL URL.
 */
export function readAddress(url: string): string {
  if (!/^postgres(ql)?:\/\//.test(url)) throw notAnAddress('it begins otherwise')
  try {
    const { host, port, database } = new Client({ connectionString: url })
    if (!Number.isInteger(port)) throw new Error('its port is not a number')
    return `${host}:${port}/${database ?? ''}`
  } catch (error) {
    throw notAnAddress(error instanceof Error ? error.message : 'it cannot be read')
  }
}

function notAnAddress(reason: string): DatabaseError {
  return new DatabaseError(
    'E_DATABASE_OPTION',
    `The database URL is not usable (${reason}): write postgres://user:password@host:5432/database, ` +
      'with special characters of the password percent-encoded',
  )
}

/** The error of a connection that could not be made, saying what to check for the usual reasons. */
export function connectError(error: unknown, address: string, waiting: string): DatabaseError {
  if (DatabaseError.is(error)) return error
  const details = readDriverError(error)
  const message =
    details.message === 'timeout exceeded when trying to connect'
      ? `No connection to PostgreSQL at ${address} came free (${waiting}): raise poolSize or shorten transactions`
      : `PostgreSQL at ${address} cannot be reached (${details.message}): ${advice(details.sqlState)}`
  return new DatabaseError('E_DATABASE_UNREACHABLE', message, details)
}

function advice(sqlState: string | undefined): string {
  if (sqlState === undefined) return 'check that the server runs and that host and port are right'
  if (sqlState.startsWith('28')) return 'check the user and password in the URL'
  if (sqlState === '3D000') return 'create the database or correct its name in the URL'
  if (sqlState === '53300') return 'lower poolSize or raise max_connections on the server'
  return 'see the SQLSTATE and the server log'
}
