const marker = Symbol.for('reprise.database.error')

/** Every code a `DatabaseError` can carry, each with one sentence saying when it is thrown. */
export const databaseErrorCodes = Object.freeze({
  E_DATABASE_OPTION: 'An option, a parameter or a channel name is not acceptable',
  E_DATABASE_UNREACHABLE: 'The database cannot be opened, or its connection was lost',
  E_DATABASE_QUERY: 'The database refused a statement; `sqlState` says why',
  E_DATABASE_NESTED: 'The database was used inside a transaction instead of the transaction itself',
  E_DATABASE_CLOSED: 'The database, or the transaction, has ended',
  E_DATABASE_LOCKED: 'Another process has this PGlite folder open',
  E_MIGRATION_FAILED: 'A migration could not be read or run; nothing of it was kept',
  E_MIGRATION_CHANGED: 'A migration file differs from what was applied',
  E_MIGRATION_GAP: 'Migration files are not numbered 1, 2, 3, …',
})

/** One of the codes of `databaseErrorCodes`. */
export type DatabaseErrorCode = keyof typeof databaseErrorCodes

/** What a `DatabaseError` knows besides its code and message; each part is absent when unknown. */
export interface DatabaseErrorDetails {
  /** What the driver or the system threw. */
  readonly cause?: unknown
  /** The five-character SQLSTATE, like `23505` for a unique violation. */
  readonly sqlState?: string | undefined
  /** The constraint that was violated. */
  readonly constraint?: string | undefined
  /** The 1-based character in the statement where the database saw the problem. */
  readonly position?: number | undefined
}

/** The one error this package throws, told apart by `code` (see `databaseErrorCodes`). */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError'
  readonly code: DatabaseErrorCode
  readonly sqlState: string | undefined
  readonly constraint: string | undefined
  readonly position: number | undefined
  readonly [marker] = true

  constructor(code: DatabaseErrorCode, message: string, details: DatabaseErrorDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined)
    this.code = code
    this.sqlState = details.sqlState
    this.constraint = details.constraint
    this.position = details.position
  }

  /** Whether `error` is a `DatabaseError`, of `code` if given, even from another copy of this package. */
  static is(error: unknown, code?: DatabaseErrorCode): error is DatabaseError {
    if (typeof error !== 'object' || error === null || !(marker in error)) return false
    return code === undefined || (error as DatabaseError).code === code
  }
}
