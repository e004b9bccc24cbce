import { type Catalog, type Overrides, type Space, defineCatalog, defineSpace } from '@reprise/cache'
import { z } from 'zod'

/** The space of access tokens. */
export type AccessTokenSpace = Space<'access_token', 'access_token:{channel}:{app_id}', string>

/**
 * Access tokens (row C1): `ai_assistant:access_token:{channel}:{app_id}`, the token itself as plain text for programs
 * in other languages; with `sealed` a frame that the cache encrypts. Its life is the real one that the platform told,
 * 2 hours where it told none.
 */
export function accessTokenSpace({ sealed = false }: { readonly sealed?: boolean } = {}): AccessTokenSpace {
  return defineSpace({
    name: 'access_token',
    key: 'access_token:{channel}:{app_id}',
    schema: z.string().min(1),
    ttl: '2h',
    format: sealed ? 'entry' : 'text',
    backoff: { base: '1s', max: '30s' },
    // A fetch has ended the token before it, so its own must be kept, whoever still waits for it.
    onAbandon: 'finish',
    announce: true,
    maxValueBytes: 16_384,
    secret: true,
  })
}

/** Conversations of the assistant (row C2): JSON, 1 hour. */
export const conversationSpace = defineSpace({
  name: 'conversation',
  key: 'conversation:{conversation_id}',
  schema: z.json(),
  ttl: '1h',
  format: 'document',
})

/** AI configurations by user (row C3): JSON, 5 minutes. */
export const aiConfigSpace = defineSpace({
  name: 'ai_config',
  key: 'ai_config:{user_id}',
  schema: z.json(),
  ttl: '5m',
  format: 'document',
})

/** Anything else, by a key of one part (row C4): JSON, 300 s unless the catalog or a call says otherwise. */
export const generalSpace = defineSpace({
  name: 'general',
  key: '{key}',
  schema: z.json(),
  ttl: '300s',
  format: 'document',
})

/** Token caches of MSAL by partition. They hold refresh tokens, so they are never plain documents. */
export const msalSpace = defineSpace({
  name: 'msal_cache',
  key: 'msal_cache:{partition}',
  schema: z.string(),
  ttl: '30d',
  secret: true,
})

/** Options of `assistantCatalog`. */
export interface AssistantCatalogOptions {
  /** Before every key. @default 'ai_assistant' */
  readonly prefix?: string
  /** Whether tokens are stored as frames that the cache encrypts, not as plain text. @default false */
  readonly sealed?: boolean
  /** Policies from configuration, such as `{ general: { ttl: '10m' } }`. */
  readonly overrides?: Overrides
}

/** The keys of the assistant (rows C1 to C4) under one prefix. */
export function assistantCatalog(options: AssistantCatalogOptions = {}): Catalog {
  const { prefix = 'ai_assistant', sealed = false, overrides = {} } = options
  const spaces = [accessTokenSpace({ sealed }), conversationSpace, aiConfigSpace, generalSpace, msalSpace]
  return defineCatalog({ prefix, spaces, overrides })
}
