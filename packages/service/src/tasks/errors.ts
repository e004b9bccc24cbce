import type { ErrorDetail } from '@reprise/api'

const marker = Symbol.for('reprise.tasks.error')

/** Everything that can go wrong with tasks: the HTTP status, whether the same call can succeed later, and what it means. */
export const taskErrorTable = {
  E_TASKS_OPTION: {
    status: 500,
    retryable: false,
    about: 'An option of tasks, runner or worker is not acceptable',
  },
  E_TASKS_KIND: { status: 422, retryable: false, about: 'There is no kind of task of that name' },
  E_TASKS_INPUT: {
    status: 422,
    retryable: false,
    about: 'The input does not satisfy the schema of its kind',
  },
  E_TASKS_ROLE: { status: 403, retryable: false, about: 'The kind of task needs a higher role' },
  E_TASKS_BACKLOG: {
    status: 429,
    retryable: true,
    about: 'Too many tasks wait, of this user or of all; nothing of the order was accepted',
  },
  E_TASKS_KEY_REUSED: {
    status: 409,
    retryable: false,
    about: 'The idempotency key belongs to an order with another content',
  },
  E_TASKS_UNKNOWN: { status: 404, retryable: false, about: 'There is no such task or batch for this user' },
  E_TASKS_STATE: {
    status: 409,
    retryable: false,
    about: 'The task is not in a state in which this can be done',
  },
  E_TASKS_STORE: {
    status: 503,
    retryable: true,
    about: 'The store of the tasks did not answer; what was asked may have been done',
  },
  E_TASKS_DOCUMENT: {
    status: 422,
    retryable: false,
    about: 'A managed document is not known, is not acceptable, or did not do and was rolled back',
  },
  E_TASKS_CANCELLED: { status: 409, retryable: false, about: 'The running task was told to end' },
  E_TASKS_TIMEOUT: { status: 504, retryable: true, about: 'A task ran longer than its kind allows' },
  E_TASKS_LOST: {
    status: 503,
    retryable: true,
    about:
      'A worker could not renew its lease: somebody else may have the task, and what it does no longer counts',
  },
  E_TASKS_STOPPED: { status: 503, retryable: true, about: 'The worker stops and gives its tasks back' },
} as const

/** A code of `taskErrorTable`. */
export type TaskErrorCode = keyof typeof taskErrorTable

/** The one error that tasks throw, told apart by `code`; `status` is the HTTP status that the service answers with. */
export class TaskError extends Error {
  override readonly name = 'TaskError'
  readonly code: TaskErrorCode
  readonly status: (typeof taskErrorTable)[TaskErrorCode]['status']
  readonly retryable: boolean
  /** Milliseconds after which trying again makes sense, where that is known. */
  readonly retryAfter: number | undefined
  /** The fields of the order that are refused; `tasks.1.input.days` of the second task of a batch. */
  readonly details: readonly ErrorDetail[] | undefined
  readonly [marker] = true

  constructor(
    code: TaskErrorCode,
    message: string,
    options: {
      readonly cause?: unknown
      readonly retryAfter?: number
      readonly details?: readonly ErrorDetail[]
    } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.code = code
    this.status = taskErrorTable[code].status
    this.retryable = taskErrorTable[code].retryable
    this.retryAfter = options.retryAfter
    this.details = options.details
  }

  /** Whether something is a `TaskError`, of this code where one is given; works across copies of the package. */
  static is(error: unknown, code?: TaskErrorCode): error is TaskError {
    if (typeof error !== 'object' || error === null || !(marker in error)) return false
    return code === undefined || (error as TaskError).code === code
  }
}
