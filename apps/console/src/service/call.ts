import {
  ApiError,
  type CallOptions,
  type DataOf,
  type RouteId,
  type Routes,
  createClient,
} from '@reprise/api'
import { endSession, readSession, sessionNow, startSession } from '../session/session.ts'

/** The one client: of the service that served this page, with the token of the session. */
export const client = createClient({
  baseUrl: location.origin,
  token: () => sessionNow().session?.token,
})

/** What a call of a route carries, but for its signal. */
export type Input<Id extends RouteId> = Omit<CallOptions<Routes[Id]>, 'signal'>

// The input's type was checked by the caller's; the client's own cannot follow it through a generic id.
interface LooseClient {
  call<Id extends RouteId>(id: Id, options: object): Promise<DataOf<Routes[Id]>>
}

async function renew(refused: string | undefined): Promise<boolean> {
  const { session } = readSession()
  if (session === undefined) return false
  if (session.token !== refused) return true
  if (session.refreshToken === undefined) return false
  try {
    startSession(await client.call('refresh', { body: { refresh_token: session.refreshToken } }))
    return true
  } catch (error) {
    // What did not reach the service is no end of the session.
    if (error instanceof ApiError && error.status === 401) return false
    throw error
  }
}

let renewing: Promise<boolean> | undefined

/**
 * Gets the next token in place of one that the service does not take any more. A refresh token is good for one use, so
 * the tabs of a browser do it one after another, and who comes later takes what the first one got. (A page that came
 * over plain HTTP from another machine has no locks; there each tab is on its own.)
 * @returns whether there is another token
 */
export function renewSession(refused: string | undefined): Promise<boolean> {
  const alone = async (): Promise<boolean> => renew(refused)
  renewing ??= (isSecureContext ? navigator.locks.request('reprise.session', alone) : alone()).finally(() => {
    renewing = undefined
  })
  return renewing
}

/** Calls a route; a token that the service does not take is replaced once, and without another the session ends. @throws ApiError */
export async function call<Id extends RouteId>(
  id: Id,
  input: Input<Id>,
  signal?: AbortSignal,
): Promise<DataOf<Routes[Id]>> {
  const token = sessionNow().session?.token
  const options = signal === undefined ? input : { ...input, signal }
  try {
    return await (client as LooseClient).call(id, options)
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401 || id === 'login') throw error
    if (await renewSession(token)) return (client as LooseClient).call(id, options)
    endSession('ended')
    throw error
  }
}

/** Ends the session here and at the service. */
export async function logOut(): Promise<void> {
  // Whoever leaves is gone from here, whatever the service says.
  await client.call('logout', { body: {} }).catch(() => undefined)
  endSession('left')
}
