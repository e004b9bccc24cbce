import { useSyncExternalStore } from 'react'
import { type Session, type SessionState, sessionNow, watchSession } from './session.ts'

/** The state of the session; the component is drawn anew when it changes. */
export function useSessionState(): SessionState {
  return useSyncExternalStore(watchSession, sessionNow)
}

/** The session, inside of what is shown only to who is logged in. @throws Error without one */
export function useSession(): Session {
  const { session } = useSessionState()
  if (session === undefined) throw new Error('There is no session here')
  return session
}
