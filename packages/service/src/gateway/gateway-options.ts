import type { Admission, Ledger, SemanticStore, StreamRelay, VarietyRule } from '@reprise/ai'
import type { Role } from '@reprise/api'
import type { Cache } from '@reprise/cache'
import type { Database } from '@reprise/database'
import type { Upstream } from './upstream.ts'

/** Two models of which the first valid answer counts, and the better one's from then on. */
export interface ModelRace {
  /** Quick, and good enough until the other has answered. */
  readonly fast: string
  /** Better; its answer is kept, and given whenever it is there. */
  readonly premium: string
}

/** How like questions are answered alike, by models at the upstreams. */
export interface GatewaySemantic {
  /** From this similarity on a kept answer is given unasked, above 1 never; it is another for every embedding model. */
  readonly accept: number
  /** From this one on the verifier model decides. @default accept */
  readonly verify?: number
  /** What makes vectors of questions, at an upstream of the kind `openai`. */
  readonly embeddingModel: string
  /** A small model that says whether two questions are one. @default none, which goes without a verified band */
  readonly verifierModel?: string
  /** @default a table of the service's database, which needs pgvector */
  readonly store?: SemanticStore
}

/** What the gateway stands before. */
export interface GatewayOptions {
  /** Asked in this order. */
  readonly upstreams: readonly Upstream[]
  /** What a name stands for, such as `{ smart: 'gpt-5-2025-08-07' }`; the key has the model, not the name. @default none */
  readonly aliases?: Readonly<Record<string, string>>
  /** The models to ask next, where every upstream of one is away or busy. An answer is kept under the model that gave it. @default none */
  readonly fallbacks?: Readonly<Record<string, readonly string[]>>
  /** Names that stand for a race. @default none */
  readonly races?: Readonly<Record<string, ModelRace>>
  /** @default one answer for each request */
  readonly variety?: readonly VarietyRule[]
  /** @default whole answers alone */
  readonly admission?: Admission
  /** Tells other processes of a stream while it is made. @default they get it when it is whole */
  readonly relay?: StreamRelay
  /** Answers like questions alike. @default only the same request has the same answer */
  readonly semantic?: GatewaySemantic
  /** Of whatever else decides the answers; part of every key. @default none */
  readonly configurationVersion?: string
  /** Who may call models, which costs money. @default 'operator' */
  readonly role?: Role
  /** Bytes of one request. @default 32 MiB */
  readonly bodyLimit?: number
  /** @default Math.random */
  readonly random?: () => number
}

/** What the gateway works with. */
export interface GatewayParts {
  readonly cache: Cache
  /** What was spent and saved. @default nobody counts */
  readonly ledger?: Pick<Ledger, 'record'>
  /** Where questions of the semantic tier are kept. */
  readonly database: Database
  /** Hears of what went wrong without failing a request. */
  readonly onError: (error: unknown) => void
  /** Milliseconds since 1970. */
  readonly now: () => number
}
