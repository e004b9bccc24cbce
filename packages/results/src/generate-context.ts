import { type Duration, type NotModified, type Provenance, type Ttl, milliseconds } from '@reprise/cache'
import type { Content } from './content.ts'
import { ResultsError } from './errors.ts'
import { type Upgrade, upgrade } from './finalize.ts'
import type { Derivation, ResultRecord, StoredResult } from './result.ts'
import { shown } from './place.ts'
import type { Store } from './store.ts'

/** What work that a generator leaves running may know and do. */
export interface UpgradeContext<Input = unknown> {
  /** Fires when its time is over, the result is invalidated by this process, or the results are closed. */
  readonly signal: AbortSignal
  /** A better-ranked value for the result; it waits until the first one is stored. Resolves with `kept` or why not. */
  readonly offer: (value: Input, derivation?: Derivation) => Promise<Upgrade>
}

/** What a generator may know and say: all that a loader of the cache may, so that a loader fits, and more. */
export interface GenerateContext<Value = unknown, Input = Value> {
  /** Fires when the generation is lost: taken over, invalidated, or the results are closed. */
  readonly signal: AbortSignal
  /** The id of the result under way. */
  readonly id: number
  /** Site, type and target, as text for logs. */
  readonly key: string
  /** The newest value that was valid and was not invalidated, as far as it may be served. */
  readonly previous: Value | undefined
  /** Says that `previous` still holds: `return context.notModified()`. @throws E_RESULT_OPTION without one */
  readonly notModified: () => NotModified
  /** Sets when this result ends, instead of the type's rule; 0 and less mean "do not keep". */
  readonly ttl: (ttl: Ttl) => void
  /** Adds tags. */
  readonly tags: (...tags: readonly string[]) => void
  /** Says where the value came from. */
  readonly meta: (meta: Provenance) => void
  /** Says all that the result is derived from, prompt version and sources among it. */
  readonly derive: (derivation: Derivation) => void
  /** Says how good the result is. */
  readonly score: (score: number) => void
  /** The caller gets the value and nothing is kept. */
  readonly skip: () => void
  /**
   * Goes on in the background registry after the generator has returned, to offer better values; a race does it by
   * itself. False when the results are closed or the registry takes no more work.
   */
  readonly upgrade: (
    work: (context: UpgradeContext<Input>) => Promise<unknown>,
    options?: { readonly name?: string; readonly timeout?: Duration },
  ) => boolean
}

/** Makes a value. A loader of the cache is one, and so is a race. */
export type Generate<Input = unknown, Value = Input> = (
  context: GenerateContext<Value, Input>,
) => Input | NotModified | Promise<Input | NotModified>

/** What `notModified()` gives. */
export const unchanged = Object.freeze({}) as NotModified

/** What a generator said beside its value. */
export interface Said {
  content: Content & { readonly derivation: Derivation; readonly tags: readonly string[] }
  skip: boolean
}

/** The context of one generation, where it writes down what is said, and what tells it whether the value was kept. */
export function createContext(
  store: Store,
  {
    record,
    previous,
    signal,
  }: {
    readonly record: ResultRecord
    readonly previous: StoredResult | null
    readonly signal: AbortSignal
  },
): { readonly context: GenerateContext; readonly said: Said; readonly settle: (kept: boolean) => void } {
  const { id, site, type, target } = record
  const said: Said = { content: { derivation: {}, tags: [] }, skip: false }
  let settle = (_kept: boolean): void => {}
  const settled = new Promise<boolean>((resolve) => (settle = resolve))
  const say = (content: Content): void => void (said.content = { ...said.content, ...content })
  const derive = (derivation: Derivation): void =>
    say({ derivation: { ...said.content.derivation, ...derivation } })
  const context: GenerateContext = {
    id,
    signal,
    key: [site, type, target].map(encodeURIComponent).join('/'),
    previous: previous?.value,
    notModified() {
      if (previous !== null) return unchanged
      throw new ResultsError(
        'E_RESULT_OPTION',
        `${shown(record)} has no previous result: check context.previous first`,
      )
    },
    ttl(ttl) {
      if (typeof ttl !== 'object' && milliseconds(ttl) <= 0) said.skip = true
      else say({ expires: ttl })
    },
    tags: (...tags) => say({ tags: [...said.content.tags, ...tags] }),
    meta: derive,
    derive,
    score: (score) => say({ score }),
    skip: () => void (said.skip = true),
    upgrade(work, { name = `upgrade of ${shown(record)}`, timeout = '30s' } = {}) {
      if (store.closed) return false
      return store.background.run(
        name,
        (over) => leaveRunning(store, { id, site, type, settled, over, work }),
        {
          timeout,
        },
      )
    },
  }
  return { context, said, settle }
}

async function leaveRunning(
  store: Store,
  {
    id,
    site,
    type,
    settled,
    over,
    work,
  }: {
    readonly id: number
    readonly site: string
    readonly type: string
    readonly settled: Promise<boolean>
    readonly over: AbortSignal
    readonly work: (context: UpgradeContext) => Promise<unknown>
  },
): Promise<void> {
  const controller = new AbortController()
  const end = (error: unknown): void => controller.abort(error)
  const upgrading = { id, end }
  store.upgrades.add(upgrading)
  void settled.then((kept) => {
    if (!kept) end(new DOMException('there is no result to improve', 'AbortError'))
  })
  try {
    await work({
      signal: AbortSignal.any([over, controller.signal]),
      async offer(value, derivation = {}) {
        if (!(await settled)) return 'no-life'
        return upgrade(store, id, { site, type, value, content: { derivation } })
      },
    })
  } finally {
    store.upgrades.delete(upgrading)
  }
}
