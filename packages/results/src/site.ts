import { type Begun, beat, begin, fail } from './begin.ts'
import type { Content, Description } from './content.ts'
import { ResultsError } from './errors.ts'
import { type Upgrade, finalize, upgrade } from './finalize.ts'
import type { Generate } from './generate-context.ts'
import { type Generation, type JoinedGeneration, endingError, follow, keep } from './generation.ts'
import { type Answer, type GenerateOptions, getOrGenerate } from './get-or-generate.ts'
import { type InvalidationNote, type InvalidationTarget, type Invalidated, invalidate } from './invalidate.ts'
import {
  type ListOptions,
  type ResultWithValue,
  type ShelfFigures,
  list,
  readWithValue,
  shelves,
  trimNow,
} from './browse.ts'
import { type HistoryOptions, find, getHistory, getLatest } from './read.ts'
import type { ResultRecord, StoredResult } from './result.ts'
import type { InputOf, ResultTypes, ValueOf } from './settings.ts'
import { type Place, readId, readTarget, shown } from './place.ts'
import { type Store, assertOpen, typeOf } from './store.ts'
import { write } from './write.ts'

/** Options of `begin`. */
export interface BeginOptions extends Description {
  /** `refuse` throws E_RESULT_BUSY where somebody generates the target; `join` gives that generation to wait for. @default 'refuse' */
  readonly whenBusy?: 'refuse' | 'join'
  /** false leaves heartbeats to whoever gets the id, by `heartbeat(id)`. @default true */
  readonly heartbeats?: boolean
}

/** The results of one site: no call can name another (row D6). Any call can throw E_RESULT_OPTION and E_RESULT_CLOSED. */
export interface SiteResults<Types extends ResultTypes> {
  readonly site: string
  /** The newest valid and unexpired result, or null (row D1). */
  getLatest<T extends keyof Types & string>(
    type: T,
    target: string,
  ): Promise<StoredResult<ValueOf<Types[T]>> | null>
  /** Finished results that were not invalidated, expired ones among them, newest first: what the next prompt is shown (rows D2, D8). */
  getHistory<T extends keyof Types & string>(
    type: T,
    target: string,
    options?: HistoryOptions,
  ): Promise<readonly StoredResult<ValueOf<Types[T]>>[]>
  /** Writes a finished result; its `id` is the row's (row D3). @throws E_RESULT_VALUE */
  write<T extends keyof Types & string>(
    type: T,
    target: string,
    value: InputOf<Types[T]>,
    content?: Content,
  ): Promise<StoredResult<ValueOf<Types[T]>>>
  /** Begins a generation, and keeps its lease (row D5). @throws E_RESULT_BUSY saying who has the target */
  begin<T extends keyof Types & string>(
    type: T,
    target: string,
    options?: BeginOptions & { readonly whenBusy?: 'refuse' },
  ): Promise<Generation<ValueOf<Types[T]>, InputOf<Types[T]>>>
  begin<T extends keyof Types & string>(
    type: T,
    target: string,
    options: BeginOptions & { readonly whenBusy: 'join' },
  ): Promise<Generation<ValueOf<Types[T]>, InputOf<Types[T]>> | JoinedGeneration<ValueOf<Types[T]>>>
  /** `Generation.finalize` for who has only the id. @throws E_RESULT_FENCED, E_RESULT_INVALIDATED, E_RESULT_UNKNOWN, E_RESULT_VALUE */
  finalize(id: number, value: unknown, content?: Content): Promise<StoredResult>
  /** `Generation.fail` for who has only the id. @throws E_RESULT_FENCED, E_RESULT_UNKNOWN */
  fail(id: number, reason: unknown): Promise<void>
  /** Renews the lease of a generation; false when it is over. */
  heartbeat(id: number): Promise<boolean>
  /** Puts a better-ranked value in the place of a finished one; a lower rank never replaces a higher one (row E2). @throws E_RESULT_VALUE */
  upgrade(id: number, value: unknown, content: Content): Promise<Upgrade>
  /** Makes results invalidated, and generations under way that it concerns. @throws E_RESULT_CACHE, E_RESULT_UNKNOWN */
  invalidate(what: InvalidationTarget, note?: InvalidationNote): Promise<Invalidated>
  /**
   * The latest result; else the previous one while a new one is made; else the new one, which one caller of all
   * processes makes. @throws what `generate` throws; E_RESULT_FAILED when another's generation failed; the signal's reason
   */
  getOrGenerate<T extends keyof Types & string>(
    type: T,
    target: string,
    generate: Generate<InputOf<Types[T]>, ValueOf<Types[T]>>,
    options?: GenerateOptions,
  ): Promise<Answer<ValueOf<Types[T]>>>
  /** A row whatever its status, without its value; null when the site has none of that id. */
  find(id: number): Promise<ResultRecord | null>
  /** For operators: results in any state, the newest first, without their values. */
  list(options?: ListOptions): Promise<readonly ResultRecord[]>
  /** For operators: one result in any state with its value; null when the site has none of that id. */
  read(id: number): Promise<ResultWithValue | null>
  /** For operators: what the site holds of each type, and what is kept of it (row D4). */
  shelves(): Promise<readonly ShelfFigures[]>
  /** For operators: removes now what the nightly task would of a type; tells how many. */
  trim(type: string): Promise<number>
}

/** Opens a site of a store. */
export function openSite(store: Store, site: string): SiteResults<ResultTypes> {
  function placeOf(type: string, target: string): Place {
    assertOpen(store)
    typeOf(store, type)
    return { site, type, target: readTarget(target) }
  }

  async function beginHere(place: Place, options: BeginOptions): Promise<Generation | JoinedGeneration> {
    const { whenBusy = 'refuse', heartbeats = true } = options
    // That a result is there already is told only to who asks by `unlessAfter`.
    const begun = await begin(store, place, { ...options, unlessAfter: Infinity })
    const { kind, record } = begun as Exclude<Begun, { readonly kind: 'there' }>
    if (kind === 'mine') {
      const generation = keep(store, record)
      if (!heartbeats) generation.letGo()
      return generation
    }
    if (whenBusy === 'join') return joined(store, record)
    throw new ResultsError(
      'E_RESULT_BUSY',
      `${shown(place)} is generated by ${record.holder} as result ${record.id} since ${record.createdAt}, its lease ` +
        `until ${record.leaseUntil}: wait for it with whenBusy: 'join'`,
    )
  }

  const api: SiteResults<ResultTypes> = {
    site,
    getLatest: async (type, target) => getLatest(store, placeOf(type, target)),
    getHistory: async (type, target, options = {}) => getHistory(store, placeOf(type, target), options),
    write: async (type, target, value, content = {}) =>
      write(store, placeOf(type, target), { value, content }),
    begin: (async (type: string, target: string, options: BeginOptions = {}) =>
      beginHere(placeOf(type, target), options)) as SiteResults<ResultTypes>['begin'],
    async finalize(id, value, content = {}) {
      assertOpen(store)
      return finalize(store, readId(id), { site, value, content })
    },
    async fail(id, reason) {
      assertOpen(store)
      await fail(store, readId(id), { site, reason })
    },
    async heartbeat(id) {
      assertOpen(store)
      return beat(store, site, readId(id))
    },
    async upgrade(id, value, content) {
      assertOpen(store)
      return upgrade(store, readId(id), { site, value, content })
    },
    async invalidate(what, note = {}) {
      assertOpen(store)
      return invalidate(store, site, { what, note })
    },
    getOrGenerate: async (type, target, generate, options = {}) =>
      getOrGenerate(store, placeOf(type, target), { generate, options }),
    async find(id) {
      assertOpen(store)
      return find(store, site, readId(id))
    },
    async list(options = {}) {
      assertOpen(store)
      return list(store, site, options)
    },
    async read(id) {
      assertOpen(store)
      return readWithValue(store, site, readId(id))
    },
    async shelves() {
      assertOpen(store)
      return shelves(store, site)
    },
    async trim(type) {
      assertOpen(store)
      return trimNow(store, site, type)
    },
  }
  return Object.freeze(api)
}

function joined(store: Store, record: ResultRecord): JoinedGeneration {
  const { id, type, target } = record
  return {
    role: 'joined',
    id,
    type,
    target,
    holder: record.holder ?? 'unknown',
    async result({ signal } = {}) {
      const ending = await follow(store, record, signal)
      if (ending.kind === 'valid') return ending.result
      throw endingError(record, ending)
    },
  }
}
