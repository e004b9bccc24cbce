/**
 * One table of everything that can go wrong in the engine: what it means, the HTTP status a server answers
 * with, and whether trying again can help. `docs/errors.md` is held to this table by a test.
 */
export const errorTable = {
  E_TEMPLATE_INVALID: {
    status: 500,
    retryable: false,
    about: 'A key template is not made of literals and single {parameters} between colons',
  },
  E_PARAM_MISSING: {
    status: 400,
    retryable: false,
    about: 'A parameter that the template names was not given',
  },
  E_PARAM_UNKNOWN: {
    status: 400,
    retryable: false,
    about: 'A parameter was given that the template does not name',
  },
  E_PARAM_INVALID: {
    status: 400,
    retryable: false,
    about: 'A parameter is empty or is not a string, finite number, bigint or boolean',
  },
  E_KEY_TOO_LONG: {
    status: 400,
    retryable: false,
    about: 'The finished key is longer than the catalog allows',
  },
  E_KEY_UNKNOWN: {
    status: 400,
    retryable: false,
    about: 'A full key does not belong to any space of the catalog',
  },
  E_SPACE_INVALID: {
    status: 500,
    retryable: false,
    about: 'A space is declared with options that contradict each other or make no sense',
  },
  E_SPACE_UNKNOWN: { status: 400, retryable: false, about: 'A space is not part of the catalog' },
  E_CATALOG_INVALID: {
    status: 500,
    retryable: false,
    about: 'Two spaces of a catalog share a name or a key, or the prefix is unusable',
  },
  E_CATALOG_SHARED: {
    status: 500,
    retryable: false,
    about: 'Another application has the prefix of the catalog in this Redis',
  },
  E_OPTION_INVALID: {
    status: 500,
    retryable: false,
    about: 'An option is out of its range or of the wrong type',
  },
  E_TTL_INVALID: {
    status: 500,
    retryable: false,
    about: 'A time to live is not a duration, a calendar rule or Infinity',
  },
  E_TAG_INVALID: { status: 400, retryable: false, about: 'A tag is empty, too long or not a string' },
  E_VALUE_UNDEFINED: {
    status: 500,
    retryable: false,
    about: 'undefined was given as a value; undefined is what a miss looks like',
  },
  E_VALUE_NOT_JSON: {
    status: 500,
    retryable: false,
    about: 'A value would not come back from JSON as it was',
  },
  E_VALUE_TOO_LARGE: { status: 413, retryable: false, about: 'A value is larger than its space allows' },
  E_VALUE_RESERVED: {
    status: 500,
    retryable: false,
    about: 'A document value uses the reserved field _cache',
  },
  E_VALUE_SCHEMA: {
    status: 422,
    retryable: false,
    about: 'A value does not satisfy the schema of its space',
  },
  E_LOADER_UNDEFINED: { status: 500, retryable: false, about: 'A loader returned undefined' },
  E_LOADER_FAILED: {
    status: 502,
    retryable: true,
    about: 'A loader threw or rejected and there was nothing stale to serve',
  },
  E_LOADER_TIMEOUT: { status: 504, retryable: true, about: 'A loader ran past its hard limit' },
  E_LOADER_BACKOFF: {
    status: 503,
    retryable: true,
    about: 'A loader failed lately and is not called again yet',
  },
  E_BATCH_SHAPE: {
    status: 500,
    retryable: false,
    about: 'A batch loader did not return one item for each parameter set it was given',
  },
  E_RACE_FAILED: {
    status: 502,
    retryable: true,
    about: 'Every strategy of a race failed or answered something that is not valid',
  },
  E_STRATEGY_INVALID: {
    status: 502,
    retryable: true,
    about: 'A strategy of a race answered something that its validation refuses',
  },
  E_TASK_TIMEOUT: { status: 504, retryable: true, about: 'A background task ran past its timeout' },
  E_TASK_CANCELLED: {
    status: 503,
    retryable: true,
    about: 'A background task was not done when its application ended',
  },
  E_NOT_MODIFIED: {
    status: 500,
    retryable: false,
    about: 'A loader answered notModified() without a previous value',
  },
  E_TIER_READ: { status: 503, retryable: true, about: 'A tier could not be read' },
  E_TIER_WRITE: {
    status: 503,
    retryable: true,
    about: 'A tier could not be written; what it holds for the key is unknown',
  },
  E_TIER_UNSUPPORTED: {
    status: 501,
    retryable: false,
    about: 'A tier was asked for something that its store cannot do, such as listing its keys',
  },
  E_INVALIDATION_UNKNOWN: {
    status: 503,
    retryable: true,
    about: 'An invalidation could not be confirmed everywhere; repeating it is safe',
  },
  E_LOG_MISSING: {
    status: 500,
    retryable: false,
    about: 'A tier that outlives the process was given without a log that does',
  },
  E_CURSOR_INVALID: { status: 400, retryable: false, about: 'A page cursor was not made by this cache' },
  E_CACHE_CLOSED: { status: 503, retryable: false, about: 'The cache was closed' },
} as const

/** A code of the error table. */
export type ErrorCode = keyof typeof errorTable

const marker = Symbol.for('reprise.error')

/** Every error of the engine: a code of the table, a message that quotes the bad value, `status`, `retryable` and the cause. */
export class RepriseError extends Error {
  readonly code: ErrorCode
  /** The HTTP status that a server answers with. */
  readonly status: number
  /** Whether the same call can succeed later. */
  readonly retryable: boolean
  /** Milliseconds after which trying again makes sense, where that is known. */
  readonly retryAfter: number | undefined

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; retryAfter?: number } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.name = 'RepriseError'
    this.code = code
    this.status = errorTable[code].status
    this.retryable = errorTable[code].retryable
    this.retryAfter = options.retryAfter
    Object.defineProperty(this, marker, { value: true })
  }

  /** Whether something is a RepriseError, of this code where one is given; works across copies of the package. */
  static is(error: unknown, code?: ErrorCode): error is RepriseError {
    if (typeof error !== 'object' || error === null || !(marker in error)) return false
    return code === undefined || (error as unknown as RepriseError).code === code
  }
}

/** A bad value as a message quotes it: JSON where possible, cut at 80 characters. */
export function quote(value: unknown): string {
  let text: string | undefined
  try {
    text = typeof value === 'bigint' ? `${value}n` : JSON.stringify(value)
  } catch {
    text = undefined
  }
  const shown = text ?? String(value)
  return shown.length > 80 ? `${shown.slice(0, 77)}... (${shown.length} characters)` : shown
}
