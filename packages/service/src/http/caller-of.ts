import type { FastifyInstance } from 'fastify'
import type { Caller } from '../auth/authenticate.ts'
import { HttpError } from './http-error.ts'

/**
 * Finds who makes a request and counts it: wrong tokens by address, requests by caller.
 * @throws HttpError 401, and 429 for too many
 */
export async function callerOf(
  app: FastifyInstance,
  request: { readonly address: string; readonly authorization: string | undefined },
): Promise<Caller> {
  await app.rateLimit.admit(request.address)
  let caller: Caller
  try {
    caller = await app.authenticate(request.authorization)
  } catch (error) {
    if (error instanceof HttpError) await app.rateLimit.refused(request.address)
    throw error
  }
  await app.rateLimit.count(caller)
  return caller
}
