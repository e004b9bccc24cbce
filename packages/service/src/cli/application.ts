import type { Service } from '../service.ts'
import type { Settings } from '../settings/settings.ts'
import type { FastifyBaseLogger } from 'fastify'

/** What an application opens for the command line, and closes again. */
export interface Opened {
  readonly service: Service
  close(): Promise<void>
}

/**
 * An application as `reprise` operates it: the default export of `reprise.config.js` (or `.mjs`, `.ts` where Node
 * reads TypeScript).
 */
export interface Application {
  readonly name: string
  /** The stores and a service over them, which does not listen. @throws Error saying what cannot be reached */
  open(settings: Settings, tools: { readonly logger: FastifyBaseLogger }): Promise<Opened>
  /** The whole application, listening; resolves with its address. @default `open`, then `service.listen` */
  serve?(
    settings: Settings,
    tools: { readonly logger: FastifyBaseLogger },
  ): Promise<Opened & { readonly address: string }>
}

/** Gives the application its type. */
export function defineApplication(application: Application): Application {
  return application
}
