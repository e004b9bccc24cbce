import { DatabaseError } from '@reprise/database'
import { begin } from './begin.ts'
import type { Description } from './content.ts'
import { ResultsError } from './errors.ts'
import { type Generate, createContext, unchanged } from './generate-context.ts'
import { endingError, follow, keep } from './generation.ts'
import { getLatest, getPrevious } from './read.ts'
import type { ResultRecord, StoredResult } from './result.ts'
import { type Place, shown } from './place.ts'
import { type Store, typeOf } from './store.ts'

/** Options of `getOrGenerate`. */
export interface GenerateOptions extends Description {
  /** Wait for the new result even where there is a previous one to serve. @default false */
  readonly wait?: boolean
  /** Make a new result even where there is a valid one, which is served meanwhile unless `wait` is set. @default false */
  readonly refresh?: boolean
  /** Leaves the generation, which goes on; its reason is thrown. */
  readonly signal?: AbortSignal
}

/** A value and where it came from. */
export interface Answer<Value = unknown> {
  readonly value: Value
  /**
   * `stored`: the latest result. `previous`: the last one that was valid, while a new one is made. `generated`: made by
   * this call. `joined`: made by another caller or process meanwhile. `unsaved`: made by this call and not kept, because
   * it was invalidated or taken over meanwhile, or said `skip()`, or the database went away.
   */
  readonly from: 'stored' | 'previous' | 'generated' | 'joined' | 'unsaved'
  /** The result as it is stored; undefined for `unsaved`. */
  readonly result: StoredResult<Value> | undefined
}

/** Generations that end without a result in a row, after which a caller is told. */
const mostAttempts = 10

/** The latest result, or a new one that one caller of all processes makes. */
export async function getOrGenerate(
  store: Store,
  place: Place,
  { generate, options }: { readonly generate: Generate; readonly options: GenerateOptions },
): Promise<Answer> {
  const { refresh = false, wait = false, signal } = options
  signal?.throwIfAborted()
  const latest = await getLatest(store, place)
  if (latest !== null && !refresh) return { value: latest.value, from: 'stored', result: latest }
  const previous = latest ?? (await getPrevious(store, place, typeOf(store, place.type).servePrevious))
  const serve = previous !== null && !wait
  const from: Answer['from'] = latest === null ? 'previous' : 'stored'
  const unlessAfter = latest?.number ?? 0
  for (let attempt = 1; ; attempt += 1) {
    const begun = await begin(store, place, { ...options, unlessAfter })
    if (begun.kind === 'there') return { value: begun.result.value, from: 'joined', result: begun.result }
    if (begun.kind === 'mine') {
      const made = run(store, { generate, previous, record: begun.record })
      store.behind(made, `a new ${shown(place)} was not generated`, !serve)
      if (!serve) return leaving(made, signal)
    }
    if (serve) return { value: previous.value, from, result: previous }
    const ending = await follow(store, begun.record, signal)
    if (ending.kind === 'valid') return { value: ending.result.value, from: 'joined', result: ending.result }
    if (ending.kind === 'failed' || attempt === mostAttempts) throw endingError(begun.record, ending)
  }
}

/** Waits for work unless the signal fires first. */
async function leaving<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work
  signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason as Error)
    signal.addEventListener('abort', leave, { once: true })
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
  })
}

interface Run {
  readonly generate: Generate
  readonly previous: StoredResult | null
  readonly record: ResultRecord
}

/** Runs a generator and stores what it makes. */
async function run(store: Store, { generate, previous, record }: Run): Promise<Answer> {
  const generation = keep(store, record)
  const { context, said, settle } = createContext(store, { record, previous, signal: generation.signal })
  let value: unknown
  let renews: number | undefined
  let kept = false
  try {
    value = await generate(context)
    if (value === unchanged && previous !== null) {
      value = previous.value
      renews = previous.id
    }
    if (value === undefined)
      throw new ResultsError('E_RESULT_VALUE', `the generator of ${shown(record)} returned undefined`)
    if (said.skip) throw new Skipped()
    const result = await generation.finalize(value, said.content, renews)
    kept = true
    return { value: result.value, from: 'generated', result }
  } catch (error) {
    // The first error is the one that matters; a row that cannot be marked failed is found by its lease.
    // Who waits for an answer that is not kept, or of results that were closed, makes one for itself.
    const abandoned = error instanceof Skipped || ResultsError.is(error, 'E_RESULT_CLOSED')
    await generation.fail(error, abandoned).catch(() => generation.letGo())
    if (error instanceof Skipped) return { value, from: 'unsaved', result: undefined }
    const lost = ResultsError.is(error, 'E_RESULT_FENCED') || ResultsError.is(error, 'E_RESULT_INVALIDATED')
    // What was invalidated is no answer, whoever says that it still holds.
    const dead = renews !== undefined && ResultsError.is(error, 'E_RESULT_INVALIDATED')
    if (value === undefined || dead || !(lost || DatabaseError.is(error))) throw error
    store.warn(`a new ${shown(record)} was generated and not kept`, error)
    return { value, from: 'unsaved', result: undefined }
  } finally {
    settle(kept)
  }
}

class Skipped extends Error {
  override readonly message = 'its generator said that it is not to be kept'
}
