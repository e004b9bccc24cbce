import type { Queryable } from '@reprise/database'
import type { z } from 'zod'

/** One reason why a row cannot be as it is: the field, with dots into its value, and what to give instead. */
export interface Problem {
  readonly field: string
  readonly message: string
}

/** What of the cache a row is in. */
export interface Affected {
  /** What kind of configuration it is, such as `intent_config`: the `type` of its notice (section 11.1). */
  readonly subject: string
  /** Which one, by the name that people use: `booking_flight`. */
  readonly target: string
  /** Full keys. */
  readonly keys: readonly string[]
  readonly tags?: readonly string[]
}

/** A row as the database gives it; `id` is the text key where the table has one. */
export type RowOf<Shape extends z.ZodObject> = z.output<Shape> & { readonly id: number | string }

interface TableOptions<Shape extends z.ZodObject> {
  readonly name: string
  /** The column that identifies a row. @default 'id' */
  readonly key?: string
  /** What a new row takes; strict, so that a misspelt field is refused. */
  readonly create: Shape
  /** Fields that name a row for others, which a change cannot touch: make a new row instead. */
  readonly fixed: readonly (keyof z.output<Shape> & string)[]
  /** The columns that hold JSON. @default none */
  readonly json?: readonly (keyof z.output<Shape> & string)[]
  /** Whether versions of it are kept (see setting-versions.ts). @default false */
  readonly versioned?: true
  /** What is wrong with a row as it would be, before it is written; a new one has only what was given. */
  readonly problems?: (row: RowOf<Shape>, look: Queryable) => Promise<readonly Problem[]>
  /** Why a row cannot be removed. */
  readonly refuseRemoval?: (row: RowOf<Shape>, look: Queryable) => Promise<readonly Problem[]>
  /**
   * What of the cache a row is in; asked before and after it changes. `changed` are the fields that do; undefined for a
   * row that comes or goes.
   */
  readonly affected: (
    row: RowOf<Shape>,
    look: Queryable,
    changed: readonly string[] | undefined,
  ) => Promise<Affected> | Affected
}

/** A table of the configuration that administrators may change. */
export interface ConfigTable {
  readonly name: string
  readonly key: string
  readonly create: z.ZodObject
  readonly change: z.ZodObject
  /** The columns that hold JSON. */
  readonly json: ReadonlySet<string>
  /** Whether versions of it are kept. */
  readonly versioned: boolean
  problems(row: Row, look: Queryable): Promise<readonly Problem[]>
  refuseRemoval(row: Row, look: Queryable): Promise<readonly Problem[]>
  affected(row: Row, look: Queryable, changed?: readonly string[]): Promise<Affected>
}

/** A row of any table. */
export type Row = Readonly<Record<string, unknown>>

/** Makes a table of the configuration. */
export function defineTable<Shape extends z.ZodObject>(options: TableOptions<Shape>): ConfigTable {
  const { name, create, fixed, problems, refuseRemoval } = options
  const omitted = Object.fromEntries(fixed.map((field) => [field, true as const]))
  return {
    name,
    key: options.key ?? 'id',
    create: create.strict(),
    change: create
      .omit(omitted as never)
      .partial()
      .strict(),
    json: new Set(options.json),
    versioned: options.versioned ?? false,
    problems: async (row, look) => (await problems?.(row as RowOf<Shape>, look)) ?? [],
    refuseRemoval: async (row, look) => (await refuseRemoval?.(row as RowOf<Shape>, look)) ?? [],
    affected: async (row, look, changed) => options.affected(row as RowOf<Shape>, look, changed),
  }
}
