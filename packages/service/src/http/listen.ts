import type { FastifyInstance } from 'fastify'
import type { Settings } from '../settings/settings.ts'

/** Starts to listen as the settings say; resolves with the address. @throws Error naming the address when it is taken */
export async function listen(app: FastifyInstance, { host, port }: Settings): Promise<string> {
  try {
    return await app.listen({ host, port })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    const advice =
      error.code === 'EADDRINUSE'
        ? `port ${port} is in use on ${host}: stop the other program, or set PORT to another one (0 for a free one)`
        : `cannot listen on ${host}:${port} (${String(error.code)}): check HOST and PORT`
    throw new Error(`The service cannot start: ${advice}`, { cause: error })
  }
}
