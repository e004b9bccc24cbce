/** What a statement gave: its rows, and how many rows it returned or affected (0 for DDL). */
export interface Rows<Row> {
  readonly rows: readonly Row[]
  readonly rowCount: number
}

/** Something that runs SQL: a database or one transaction of it. */
export interface Queryable {
  /**
   * Runs one statement, its parameters being `$1`, `$2`, …; values are as the README says.
   * Throws E_DATABASE_QUERY (with `sqlState`), E_DATABASE_UNREACHABLE, E_DATABASE_OPTION, E_DATABASE_CLOSED, E_DATABASE_NESTED.
   */
  query<Row extends object = Record<string, unknown>>(
    text: string,
    parameters?: readonly unknown[],
  ): Promise<Rows<Row>>
  /** Runs several statements separated by `;` as one unit, without parameters; throws as `query` does. */
  script(text: string): Promise<void>
}

/** How a transaction sees others' changes. */
export interface TransactionOptions {
  /** The SQL isolation level. @default 'read committed' */
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable' | undefined
}

/** What a listener may ask for besides messages. */
export interface ListenOptions {
  /** Called after a lost connection is listening again: messages sent meanwhile are gone, so catch up. */
  readonly onReconnect?: (() => void) | undefined
}

/** One SQL database, PostgreSQL or embedded PGlite, that behaves the same either way. */
export interface Database extends Queryable {
  readonly engine: 'postgres' | 'pglite'
  /**
   * Runs `work` in one transaction: committed when it returns, rolled back when it throws, and then its own error is
   * thrown. Inside, use the `transaction` given: using the database itself throws E_DATABASE_NESTED, because PGlite
   * has one connection and would wait for ever. PGlite runs transactions one after another, other queries waiting.
   */
  transaction<T>(work: (transaction: Queryable) => Promise<T>, options?: TransactionOptions): Promise<T>
  /** Calls `onMessage` with every NOTIFY payload on `channel`, and returns the function that stops it. */
  listen(
    channel: string,
    onMessage: (payload: string) => void,
    options?: ListenOptions,
  ): Promise<() => Promise<void>>
  /** Resolves when the database answers; throws E_DATABASE_UNREACHABLE or E_DATABASE_CLOSED when not. */
  ping(): Promise<void>
  /** Waits for running work, stops listening, flushes and closes; closing twice is fine. */
  close(): Promise<void>
}
