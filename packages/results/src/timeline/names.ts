import { ResultsError } from '../errors.ts'

/** Which session is meant; the same id in another scene is another session. */
export interface SessionName {
  /** 1 to 200 bytes. */
  readonly sessionId: string
  /** At most 200 bytes. @default '' */
  readonly scene?: string
}

/** A session of a site, with checked names and its key in Redis. */
export interface Session {
  readonly site: string
  readonly session: string
  readonly scene: string
  readonly key: string
}

/** Longest names, in bytes of UTF-8: what a row of a B-tree index holds. */
const longest = {
  site: 200,
  sessionId: 200,
  scene: 200,
  category: 100,
  resource: 2_000,
  model: 200,
  strategy: 200,
}

/** A checked name. @throws E_TIMELINE_OPTION when it is no text, too long, or has no bytes although it must */
export function checkName(kind: keyof typeof longest, value: unknown): string {
  const mayBeEmpty = kind === 'scene' || kind === 'resource'
  if (typeof value !== 'string') {
    throw new ResultsError('E_TIMELINE_OPTION', `${kind} is of type ${typeof value}: give a text`)
  }
  const bytes = Buffer.byteLength(value)
  const sound = !/[\p{Surrogate}\0]/u.test(value)
  if (sound && bytes <= longest[kind] && (mayBeEmpty || bytes > 0)) return value
  const shown = JSON.stringify(value.length > 80 ? `${value.slice(0, 77)}...` : value)
  throw new ResultsError(
    'E_TIMELINE_OPTION',
    `${kind} is ${shown} (${bytes} bytes): give ${mayBeEmpty ? 'at most' : '1 to'} ${longest[kind]} bytes of well-formed text without NUL`,
  )
}

/** A session by its names. Each name is escaped in the key, so that no two sessions share one. @throws E_TIMELINE_OPTION */
export function nameSession(prefix: string, site: string, name: SessionName): Session {
  const session = checkName('sessionId', name.sessionId)
  const scene = checkName('scene', name.scene ?? '')
  const key = [prefix, 'timeline', ...[site, session, scene].map(encodeURIComponent)].join(':')
  return { site, session, scene, key }
}
