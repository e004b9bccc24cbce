import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { CalendarRule, Duration, Ttl } from '../duration.ts'
import type { Provenance } from '../entry/entry.ts'
import { type AnyParams, type ParamNames, type Params, parseTemplate } from './template.ts'
import { RepriseError, quote } from '../errors.ts'

/** A TTL, or a function of the value and its parameters that gives one. */
export type TtlRule<Value, P> = Ttl | ((value: Value, params: P) => Ttl)

/** How far memory is trusted: always, as long as the log was confirmed within a time, or never. */
export type Consistency = 'eventual' | 'strict' | { readonly bounded: Duration }

/** Memory is trusted only as long as the log was confirmed within this time. */
export function bounded(within: Duration): Consistency {
  return Object.freeze({ bounded: within })
}

/** How long a failing loader is left alone: doubling from `base` to `max`, with jitter. */
export interface Backoff {
  /** Wait after the first failure. @default '1s' */
  readonly base?: Duration
  /** Longest wait. @default '60s' */
  readonly max?: Duration
}

/** The policy of a space: how its entries live. Durations are milliseconds or text such as `'30m'`. */
export interface Policy<Value = unknown, P = AnyParams> {
  /** Fresh life of an entry; 0 and less mean "do not keep". Required: nothing lives for ever by accident. */
  readonly ttl: TtlRule<Value, P>
  /** Share of the TTL (0 to 1) by which an entry may end earlier, so that entries made together do not end together. @default 0 */
  readonly jitter?: number
  /** After the TTL: serve the old value and refresh in the background for this long. @default 0 */
  readonly staleWhileRevalidate?: Duration
  /** After the TTL: serve the old value when the loader fails or is slow, for this long. @default 0 */
  readonly staleIfError?: Duration
  /** Refresh in the background once less than this is left of the fresh life. @default 0, off */
  readonly refreshAhead?: Duration
  /** Beta of XFetch (Vattani et al., VLDB 2015): refresh early by chance, weighted by the measured load time; 1 is usual. @default 0, off */
  readonly earlyRefresh?: number
  /** Past this, callers get the stale value if there is one and the load goes on. @default off */
  readonly softLimit?: Duration
  /** Past this the loader's signal fires and callers get the stale value or E_LOADER_TIMEOUT. @default off */
  readonly hardLimit?: Duration
  /** What happens to a load whose last caller has left: its signal fires, or it finishes into the cache. @default 'abort' */
  readonly onAbandon?: 'abort' | 'finish'
  /** How long a failing loader is left alone; false to call it every time. @default 1 s doubling to 60 s */
  readonly backoff?: Backoff | false
  /**
   * How far memory is trusted when processes share a store: `eventual` follows the log; `bounded('30s')` serves from
   * memory only while the log was confirmed within that time; `strict` asks the store on every read and fails when it
   * is away. Without a shared store all are the same. @default 'eventual'
   */
  readonly consistency?: Consistency
  /** Tags of an entry, from its parameters alone, so that they can be told before it is loaded. */
  readonly tags?: (params: P) => readonly string[]
  /** Whether a loaded value may be kept; the caller gets it either way. */
  readonly admit?: (value: Value, meta: Provenance) => boolean
  /**
   * Stored format: `entry`, a frame that repeats its key; `document`, plain JSON for programs in other languages; or
   * `text`, a document whose value is a string and is stored as it is, without quotes. @default 'entry'
   */
  readonly format?: 'entry' | 'document' | 'text'
  /** Values are frozen on the way in, or cloned for every reader. @default 'freeze' */
  readonly immutability?: 'freeze' | 'clone'
  /** Largest value, in bytes of JSON. @default 1 MiB */
  readonly maxValueBytes?: number
  /** What a load costs when its loader does not tell, in any one currency; counted as avoided on every hit. @default 0 */
  readonly cost?: number
  /**
   * Whether the other processes are told when a load has replaced a value, so that they drop their copies at once and
   * not at their end: one record of the log for each load. For values that end when the next one is made, such as
   * access tokens. @default false
   */
  readonly announce?: boolean
}

/** A declared space as the engine holds it, whatever its types. */
export interface SpaceBase {
  readonly name: string
  readonly key: string
  readonly schema: StandardSchemaV1 | undefined
  readonly policy: Policy
  /** The parameter that names the tenant, where there is one. */
  readonly tenant: string | undefined
  /** Whether its values are never shown to those who operate the cache. */
  readonly secret: boolean
}

/** A family of entries with one typed key template and one policy. */
export interface Space<Name extends string, Template extends string, Value, Input = Value> extends SpaceBase {
  readonly name: Name
  readonly key: Template
  /** Types for the compiler; nothing at run time. */
  readonly '~types'?: { readonly params: Params<Template>; readonly value: Value; readonly input: Input }
}

/** The value type of a space. */
export type ValueOf<S extends SpaceBase> =
  S extends Space<string, string, infer Value, unknown> ? Value : unknown
/** What a writer of a space may give: the input of its schema. */
export type InputOf<S extends SpaceBase> =
  S extends Space<string, string, unknown, infer Input> ? Input : unknown
/** The parameters of a space. */
export type ParamsOf<S extends SpaceBase> = S extends { readonly key: infer Template extends string }
  ? Params<Template>
  : AnyParams

/** What `defineSpace` takes: a policy, and the space's name, key and schema. */
export interface SpaceOptions<
  Name extends string,
  Template extends string,
  Schema extends StandardSchemaV1,
> extends Policy<StandardSchemaV1.InferOutput<Schema>, Params<Template>> {
  readonly name: Name
  /** Key template, such as `nlu_result:{input_hash}:{user_id}`; the catalog's prefix goes before it. */
  readonly key: Template
  /** Any Standard Schema; its output must be JSON and satisfy the schema again, since it checks values on the way in and out. */
  readonly schema: Schema
  /** Parameters that the key must have (row F6): leaving one out of the template does not compile. */
  readonly requires?: readonly ParamNames<Template>[]
  /** The parameter that names the tenant, for `invalidate({ tenant })`. @default 'tenant' where the template has it */
  readonly tenant?: ParamNames<Template>
  /** Values that nobody who operates the cache may see, such as access tokens: interfaces show all of an entry but these. @default false */
  readonly secret?: boolean
}

/**
 * Declares a space. The declaration is checked at once and frozen.
 * @throws E_TEMPLATE_INVALID, E_SPACE_INVALID quoting what is wrong
 */
export function defineSpace<
  const Name extends string,
  const Template extends string,
  Schema extends StandardSchemaV1,
>(
  options: SpaceOptions<Name, Template, Schema>,
): Space<Name, Template, StandardSchemaV1.InferOutput<Schema>, StandardSchemaV1.InferInput<Schema>> {
  const { name, key, schema, requires = [], tenant, secret = false, ...policy } = options
  if (typeof name !== 'string' || !/^[a-z][a-z0-9_]*$/.test(name)) {
    throw new RepriseError(
      'E_SPACE_INVALID',
      `space name ${quote(name)}: use lower-case letters, digits and _, such as "nlu_result"`,
    )
  }
  const names = parseTemplate(key).flatMap((segment) => segment.param ?? [])
  const missing = [...requires, ...(tenant === undefined ? [] : [tenant])].filter(
    (param) => !names.includes(param),
  )
  if (missing.length > 0) {
    throw new RepriseError(
      'E_SPACE_INVALID',
      `space "${name}": key ${quote(key)} lacks the required ${missing.map((param) => `{${param}}`).join(', ')}`,
    )
  }
  if (policy.ttl === undefined) {
    throw new RepriseError(
      'E_SPACE_INVALID',
      `space "${name}" has no ttl; give a duration such as "30m", or Infinity to keep for ever`,
    )
  }
  return Object.freeze({
    name,
    key,
    schema,
    policy: Object.freeze(policy) as unknown as Policy,
    tenant: tenant ?? (names.includes('tenant') ? 'tenant' : undefined),
    secret,
  })
}

export type { CalendarRule, Duration, Ttl }
