/** What is logged, by kind (row A21). `details` has no secrets: whoever writes sees to that. */
export interface LogEntries {
  readonly api_call: {
    readonly function_name: string
    readonly user_id: string
    readonly outcome: string
    readonly attempts: number
    readonly milliseconds: number
    readonly details: object
  }
  readonly security_audit: {
    readonly action: string
    readonly user_id: string | null
    readonly details: object
  }
  readonly performance: {
    readonly operation: string
    readonly milliseconds: number
    readonly details: object
  }
  readonly error: { readonly code: string; readonly message: string; readonly details: object }
}

/** The kind of a log. */
export type LogType = keyof LogEntries

/** Every kind, with how urgent it is: the higher is written first. */
export const logTypes = {
  security_audit: 4,
  error: 3,
  api_call: 2,
  performance: 1,
} as const satisfies Record<LogType, number>
