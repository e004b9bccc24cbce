import type { DataOf, Routes } from '@reprise/api'

/** Who is logged in here. */
export interface Session {
  readonly token: string
  /** Good for one use: gets the next token. */
  readonly refreshToken?: string
  readonly username: string
  readonly role: 'viewer' | 'operator' | 'admin'
  /** The only tenant that is seen; null for all. */
  readonly tenant: string | null
  /** Milliseconds since 1970. */
  readonly expiresAt: number
  readonly mustChangePassword: boolean
}

/** A session, or why there is none: `ended` when the service did not take its token any more, `left` after a logout. */
export interface SessionState {
  readonly session?: Session
  readonly why?: 'ended' | 'left'
}

const place = 'reprise.session'
const listeners = new Set<() => void>()
let state: SessionState = read()

function read(): SessionState {
  const text = localStorage.getItem(place)
  if (text === null) return {}
  try {
    const session = JSON.parse(text) as Session
    const living = session.refreshToken !== undefined || session.expiresAt > Date.now()
    return living ? { session } : { why: 'ended' }
  } catch {
    return {}
  }
}

function change(next: SessionState): void {
  state = next
  for (const listener of listeners) listener()
}

/** Reads again what is kept, which another tab may have changed. */
export function readSession(): SessionState {
  const kept = read()
  if (JSON.stringify(kept) !== JSON.stringify(state)) change(kept)
  return state
}

// A login or logout in another tab is one here.
addEventListener('storage', (event) => {
  if (event.key === place || event.key === null) readSession()
})

/** The state at this moment. */
export const sessionNow = (): SessionState => state

/** Calls `listener` after every change; the answer ends it. */
export function watchSession(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Starts the session that a login or a new password answered. */
export function startSession(data: DataOf<Routes['login']>): void {
  const session: Session = {
    token: data.token,
    refreshToken: data.refresh_token,
    username: data.user.username,
    role: data.user.role,
    tenant: data.user.tenant,
    expiresAt: Date.now() + data.expires_in * 1000,
    mustChangePassword: data.must_change_password,
  }
  localStorage.setItem(place, JSON.stringify(session))
  change({ session })
}

/** Ends the session; a second end changes nothing. */
export function endSession(why: 'ended' | 'left'): void {
  if (state.session === undefined) return
  localStorage.removeItem(place)
  change({ why })
}
