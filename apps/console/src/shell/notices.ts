import { ApiError } from '@reprise/api'

/** A short message that goes away by itself, unless it tells of a failure. */
export interface Notice {
  readonly id: number
  readonly kind: 'done' | 'failure'
  readonly text: string
  /** The id of the request that failed, to look for in the log. */
  readonly requestId?: string
}

const listeners = new Set<() => void>()
let notices: readonly Notice[] = []
let last = 0

function show(notice: Omit<Notice, 'id'>): void {
  notices = [...notices.slice(-3), { ...notice, id: ++last }]
  for (const listener of listeners) listener()
}

/** Says that something was done. */
export function showDone(text: string): void {
  show({ kind: 'done', text })
}

/** Says what failed; an end of the session is told by the login page instead. */
export function showFailure(error: Error): void {
  if (error instanceof ApiError && error.status === 401) return
  const requestId = error instanceof ApiError ? error.request_id : undefined
  show({ kind: 'failure', text: error.message, ...(requestId === undefined ? {} : { requestId }) })
}

/** Takes a notice away. */
export function dismissNotice(id: number): void {
  notices = notices.filter((notice) => notice.id !== id)
  for (const listener of listeners) listener()
}

/** The notices that are shown now. */
export const noticesNow = (): readonly Notice[] => notices

/** Calls `listener` after every change; the answer ends it. */
export function watchNotices(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
