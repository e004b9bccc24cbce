import { HttpError } from '../http/http-error.ts'

/** What a client asks of the cache by `Cache-Control` (RFC 9111, section 5.2.1). */
export interface CacheWishes {
  /** Leaves the cache alone: `no-store`. */
  readonly past: boolean
  /** Asks the model anew and keeps its answer: `no-cache`. */
  readonly anew: boolean
  /** Takes no answer that is older; milliseconds. */
  readonly maxAge: number
  /** Takes only what is there: `only-if-cached`. */
  readonly onlyKept: boolean
}

const noWishes: CacheWishes = { past: false, anew: false, maxAge: Infinity, onlyKept: false }

/** Reads the header. @throws HttpError 400 for an age that is no number */
export function readCacheControl(header: string | undefined): CacheWishes {
  if (header === undefined) return noWishes
  const directives = new Map(
    header
      .split(',')
      .map((text) => text.trim().toLowerCase())
      .filter((text) => text !== '')
      .map((text): [string, string | undefined] => {
        const [name = '', value] = text.split('=', 2)
        return [name.trim(), value?.trim().replaceAll('"', '')]
      }),
  )
  const age = directives.get('max-age')
  if (directives.has('max-age') && !/^\d{1,10}$/.test(age ?? ''))
    throw new HttpError(400, `Cache-Control: max-age=${JSON.stringify(age ?? '')} is no number of seconds`)
  return {
    past: directives.has('no-store'),
    anew: directives.has('no-cache') || age === '0',
    maxAge: age === undefined ? Infinity : Number(age) * 1_000,
    onlyKept: directives.has('only-if-cached'),
  }
}

/** How a request was answered, as `Cache-Status` tells it (RFC 9211). */
export type CacheStatus =
  | { readonly hit: true; readonly key: string; readonly detail?: string }
  /** `miss`: there was none; `request`: the client wanted a new one; `stale`: it was too old for the client; `bypass`: it must not be kept. */
  | {
      readonly hit: false
      readonly forward: 'uri-miss' | 'request' | 'stale' | 'bypass'
      /** Another caller's request was shared. */
      readonly collapsed: boolean
      readonly key?: string
      readonly detail?: string
    }

/** The value of the header. */
export function cacheStatus(status: CacheStatus): string {
  const parts = status.hit ? ['hit'] : [`fwd=${status.forward}`, ...(status.collapsed ? ['collapsed'] : [])]
  const key = status.key === undefined ? [] : [`key=${quoted(status.key)}`]
  const detail = status.detail !== undefined ? [`detail=${status.detail}`] : []
  return ['Reprise', ...parts, ...key, ...detail].join('; ')
}

// A string of RFC 8941 holds printable ASCII.
function quoted(text: string): string {
  return `"${text.replaceAll(/[^\x20-\x7e]/g, '?').replaceAll(/["\\]/g, '\\$&')}"`
}
