import type { Provenance } from '@reprise/cache'

/** Where a result is in its life; docs/results.md has the table of what follows what (row D7). */
export type Status = 'generating' | 'valid' | 'expired' | 'invalidated' | 'failed'

/** What a result was derived from, and what that took: model, strategy, rank and cost as in the cache, and more. */
export interface Derivation extends Provenance {
  /** The version of the prompt, such as `v7`. */
  readonly promptVersion?: string
  /** A digest of the inputs: the same digest, the same question. */
  readonly inputsDigest?: string
  /** Names of the documents it was derived from. */
  readonly sources?: readonly string[]
  /** Tokens that were paid for. */
  readonly tokens?: { readonly input?: number; readonly output?: number }
}

/** A row as it is kept, whatever its status. Instants are ISO text in UTC (row D8). */
export interface ResultRecord {
  readonly id: number
  readonly site: string
  readonly type: string
  readonly target: string
  /** The place among the results of its type and site: the newest has the highest. */
  readonly number: number
  readonly status: Status
  readonly score: number | null
  readonly derivation: Derivation
  readonly tags: readonly string[]
  readonly triggeredBy: string | null
  /** When it was begun. */
  readonly createdAt: string
  readonly finishedAt: string | null
  /** When a better-ranked value took the place of the first one. */
  readonly upgradedAt: string | null
  /** null for never. */
  readonly expiresAt: string | null
  /** Who generates or generated it; null for one that was written. */
  readonly holder: string | null
  /** Until when its generator is believed to live; null unless it is generating. */
  readonly leaseUntil: string | null
  /** Why it failed. */
  readonly failure: string | null
  /** It failed because its generator was lost, not by an error of its own. */
  readonly abandoned: boolean
  readonly invalidated: {
    readonly at: string
    readonly by: string | null
    readonly reason: string | null
  } | null
}

/** A finished result with its value. */
export interface StoredResult<Value = unknown> extends ResultRecord {
  readonly value: Value
  readonly finishedAt: string
}

/** A row of the table `results`, as `recordColumns` selects it. */
export interface ResultRow {
  readonly id: number
  readonly site: string
  readonly type: string
  readonly target: string
  readonly number: number
  readonly status: Status
  readonly value?: unknown
  readonly score: number | null
  readonly model: string | null
  readonly strategy: string | null
  readonly rank: number | null
  readonly prompt_version: string | null
  readonly inputs_digest: string | null
  readonly sources: readonly string[]
  readonly tags: readonly string[]
  readonly input_tokens: number | null
  readonly output_tokens: number | null
  readonly cost: number | null
  readonly triggered_by: string | null
  readonly created_at: Date
  readonly finished_at: Date | null
  readonly upgraded_at: Date | null
  readonly expires_at: Date | null
  readonly holder: string | null
  readonly lease_until: Date | null
  readonly failure: string | null
  readonly abandoned: boolean
  readonly invalidated_at: Date | null
  readonly invalidated_by: string | null
  readonly reason: string | null
}

const instant = (date: Date | null): string | null => date?.toISOString() ?? null

/** Without the fields that are null. */
function known<T extends object>(fields: { readonly [Name in keyof T]: T[Name] | null }): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)) as Partial<T>
}

function derivationOf(row: ResultRow): Derivation {
  const tokens = known<{ input: number; output: number }>({
    input: row.input_tokens,
    output: row.output_tokens,
  })
  return known<Derivation>({
    model: row.model,
    strategy: row.strategy,
    rank: row.rank,
    cost: row.cost,
    promptVersion: row.prompt_version,
    inputsDigest: row.inputs_digest,
    sources: row.sources.length === 0 ? null : row.sources,
    tokens: Object.keys(tokens).length === 0 ? null : tokens,
  })
}

/** A row as a record. */
export function toRecord(row: ResultRow): ResultRecord {
  return {
    id: row.id,
    site: row.site,
    type: row.type,
    target: row.target,
    number: row.number,
    status: row.status,
    score: row.score,
    derivation: derivationOf(row),
    tags: row.tags,
    triggeredBy: row.triggered_by,
    createdAt: row.created_at.toISOString(),
    finishedAt: instant(row.finished_at),
    upgradedAt: instant(row.upgraded_at),
    expiresAt: instant(row.expires_at),
    holder: row.holder,
    leaseUntil: instant(row.lease_until),
    failure: row.failure,
    abandoned: row.abandoned,
    invalidated:
      row.invalidated_at === null
        ? null
        : { at: row.invalidated_at.toISOString(), by: row.invalidated_by, reason: row.reason },
  }
}

/** A row that has a value as a finished result. */
export function toResult<Value>(row: ResultRow): StoredResult<Value> {
  return { ...(toRecord(row) as StoredResult), value: row.value as Value }
}
