import type { z } from 'zod'

/** The roles, each of which may do what those before it may; `public` needs no token. */
export const roles = ['public', 'viewer', 'operator', 'admin'] as const

/** Who may call a route at least. */
export type Role = (typeof roles)[number]

/** One row of the route table: everything a server and a client must agree on. */
export interface Route {
  /** The key of the row in its table, and the operation id of the OpenAPI document. */
  readonly id: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** The path, parameters written as `:name`. */
  readonly path: string
  readonly summary: string
  readonly role: Role
  /** The group that the OpenAPI document shows it in. */
  readonly tag: string
  /** Strict object schemas of what the request may carry; without one, nothing is accepted there. */
  readonly query?: z.ZodObject
  readonly body?: z.ZodType<object>
  readonly params?: z.ZodObject
  /** Schema of `data` in the envelope. */
  readonly data?: z.ZodType
  /** Instead of `data`: the content type of an answer that is not in the envelope. */
  readonly text?: string
  /** Statuses besides 200 that carry `data`. */
  readonly dataStatuses?: readonly number[]
  /**
   * What the operation log calls it, such as `cache.clear`; false for what is not recorded, since it changes nothing that
   * is operated on, or is called too often (a turn of a conversation). @default `tag.id`, and not recorded for GET
   */
  readonly audit?: string | false
  /** Whether a caller who is bound to a tenant may call it; its handler then confines him by `tenantOf`. @default false */
  readonly tenantBound?: true
  /** What the message of a failure begins with, such as `获取缓存统计失败`. */
  readonly failure?: string
}

/** What a caller gives for one part of a request: nothing where the row has no schema. */
export type InputPart<R extends Route, Part extends 'query' | 'body' | 'params'> = R extends {
  readonly [P in Part]: infer Schema extends z.ZodType
}
  ? z.input<Schema>
  : undefined

/** What a handler receives of one part of a request. */
export type OutputPart<R extends Route, Part extends 'query' | 'body' | 'params'> = R extends {
  readonly [P in Part]: infer Schema extends z.ZodType
}
  ? z.output<Schema>
  : undefined

/** The data of a route's answer; a string for a route with `text`. */
export type DataOf<R extends Route> = R extends { readonly data: infer Schema extends z.ZodType }
  ? z.output<Schema>
  : string
