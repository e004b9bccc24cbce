/**
 * One table of everything that can go wrong in the engine: what it means, the HTTP status a server answers
 * with, and whether trying again can help. `docs/errors.md` is held to this table by a test.
 */
export declare const errorTable: {
    readonly E_TEMPLATE_INVALID: {
        readonly status: 500;
        readonly retryable: false;
        readonly about: 'A key template is not made of literals and single {parameters} between colons';
    };
    readonly E_PARAM_MISSING: {
        readonly status: 400;
        readonly retryable: false;
        readonly about: 'A parameter that the template names was not given';
    };
    readonly E_PARAM_UNKNOWN: {
        readonly status: 400;
        readonly retryable: false;
        readonly about: 'A parameter was given that the template does not name';
    };
    readonly E_PARAM_INVALID: {
        readonly status: 400;
        readonly retryable: false;
        readonly about: 'A parameter is empty or is not a string, finite number, bigint or boolean';
    };
    readonly E_KEY_TOO_LONG: {
        readonly status: 400;
        readonly retryable: false;
        readonly about: 'The finished key is longer than the catalog allows';
    };
    readonly E_KEY_UNKNOWN: {
        readonly status: 400;
        readonly retryable: false;
        readonly about: 'A full key does not belong to any space of the catalog';
    };
    readonly E_SPACE_INVALID: {
        readonly status: 500;
        readonly retryable: false;
        readonly about: 'A space is declared with options that contradict each other or make no sense';
    };
    readonly E_SPACE_UNKNOWN: {
        readonly status: 400;
        readonly retryable: false;
        readonly about: 'A space is not part of the catalog';
    };
    readonly E_CATALOG_INVALID: {
        readonly status: 500;
        readonly retryable: false;
        readonly about: 'Two spaces of a catalog share a name or a key, or the prefix is unusable';
    };
    readonly E_OPTION_INVALID: {
        readonly status: 500;
        readonly retryable: false;
        readonly about: 'An option is out of its range or of the wrong type';
    };
    readonly E_TTL_INVALID: {
        readonly status: 500;
        readonly retryable: false;
        readonly about: 'A time to live is not a duration, a calendar rule or Infinity';
    };
    readonly E_TAG_INVALID: {
        readonly status: 400;
        readonly retryable: false;
        readonly about: 'A tag is empty, too long or not a string';
    };
    readonly E_VALUE_UNDEFINED: {
        readonly status: 500;
        readonly retryable: false;
        readonly about: 'undefined was given as a value; undefined is what a miss looks like';
    };
    readonly E_VALUE_NOT_JSON: {
        readonly status: 500;
        readonly retryable: false;
        readonly about: 'A value would not come back from JSON as it was';
    };
    readonly E_VALUE_TOO_LARGE: {
        readonly status: 413;
        readonly retryable: false;
        readonly about: 'A value is larger than its space allows';
    };
    readonly E_VALUE_RESERVED: {
        readonly status: 500;
        readonly retryable: false;
        readonly about: 'A document value uses the reserved field _cache';
    };
    readonly E_VALUE_SCHEMA: {
        readonly status: 422;
        readonly retryable: false;
        readonly about: 'A value does not satisfy the schema of its space';
    };
    readonly E_LOADER_UNDEFINED: {
        readonly status: 500;
        readonly retryable: false;
        readonly about: 'A loader returned undefined';
    };
    readonly E_LOADER_FAILED: {
        readonly status: 502;
        readonly retryable: true;
        readonly about: 'A loader threw or rejected and there was nothing stale to serve';
    };
    readonly E_LOADER_TIMEOUT: {
        readonly status: 504;
        readonly retryable: true;
        readonly about: 'A loader ran past its hard limit';
    };
    readonly E_LOADER_BACKOFF: {
        readonly status: 503;
        readonly retryable: true;
        readonly about: 'A loader failed lately and is not called again yet';
    };
    readonly E_BATCH_SHAPE: {
        readonly status: 500;
        readonly retryable: false;
        readonly about: 'A batch loader did not return one item for each parameter set it was given';
    };
    readonly E_NOT_MODIFIED: {
        readonly status: 500;
        readonly retryable: false;
        readonly about: 'A loader answered notModified() without a previous value';
    };
    readonly E_TIER_READ: {
        readonly status: 503;
        readonly retryable: true;
        readonly about: 'A tier could not be read';
    };
    readonly E_TIER_WRITE: {
        readonly status: 503;
        readonly retryable: true;
        readonly about: 'A tier could not be written; what it holds for the key is unknown';
    };
    readonly E_INVALIDATION_UNKNOWN: {
        readonly status: 503;
        readonly retryable: true;
        readonly about: 'An invalidation could not be confirmed everywhere; repeating it is safe';
    };
    readonly E_LOG_MISSING: {
        readonly status: 500;
        readonly retryable: false;
        readonly about: 'A tier that outlives the process was given without a log that does';
    };
    readonly E_CURSOR_INVALID: {
        readonly status: 400;
        readonly retryable: false;
        readonly about: 'A page cursor was not made by this cache';
    };
    readonly E_CACHE_CLOSED: {
        readonly status: 503;
        readonly retryable: false;
        readonly about: 'The cache was closed';
    };
};
/** A code of the error table. */
export type ErrorCode = keyof typeof errorTable;
/** Every error of the engine: a code of the table, a message that quotes the bad value, `status`, `retryable` and the cause. */
export declare class RepriseError extends Error {
    readonly code: ErrorCode;
    /** The HTTP status that a server answers with. */
    readonly status: number;
    /** Whether the same call can succeed later. */
    readonly retryable: boolean;
    /** Milliseconds after which trying again makes sense, where that is known. */
    readonly retryAfter: number | undefined;
    constructor(code: ErrorCode, message: string, options?: {
        cause?: unknown;
        retryAfter?: number;
    });
    /** Whether something is a RepriseError, of this code where one is given; works across copies of the package. */
    static is(error: unknown, code?: ErrorCode): error is RepriseError;
}
/** A bad value as a message quotes it: JSON where possible, cut at 80 characters. */
export declare function quote(value: unknown): string;
