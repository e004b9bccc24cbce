import {
  ApiError,
  type CallOptions,
  type DataOf,
  type RouteId,
  type Routes,
  createClient,
} from '@reprise/api'
import { endSession, sessionNow } from '../session/session.ts'

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

/** Calls a route; a token that the service does not take any more ends the session. @throws ApiError */
export async function call<Id extends RouteId>(
  id: Id,
  input: Input<Id>,
  signal?: AbortSignal,
): Promise<DataOf<Routes[Id]>> {
  const token = sessionNow().session?.token
  try {
    const options = signal === undefined ? input : { ...input, signal }
    return await (client as LooseClient).call(id, options)
  } catch (error) {
    const refused = error instanceof ApiError && error.status === 401 && id !== 'login'
    if (refused && token === sessionNow().session?.token) endSession('ended')
    throw error
  }
}
