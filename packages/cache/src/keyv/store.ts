import { RepriseError, quote } from '../errors.ts'

/** What the tier needs of a Keyv 5 storage adapter, such as `@keyv/mongo` or `@keyv/redis`, or of a Map. */
export interface KeyvStore {
  get(key: string): unknown
  set(key: string, value: string, ttl?: number): unknown
  delete(key: string): unknown
  readonly namespace?: string | undefined
  getMany?(keys: string[]): Promise<readonly unknown[]>
  setMany?(entries: { key: string; value: string; ttl?: number }[]): unknown
  deleteMany?(keys: string[]): unknown
  iterator?(namespace?: string): AsyncIterable<unknown>
  on?(event: 'error', listener: (error: unknown) => void): unknown
  off?(event: 'error', listener: (error: unknown) => void): unknown
}

/** What the tier needs of a Keyv: the adapter under it. */
export interface KeyvLike {
  readonly store: unknown
  readonly namespace?: string | undefined
}

/** Keys that adapters take in one call; DynamoDB allows 100 to be read at once, and 25 to be written. */
const together = { read: 100, write: 25 }

/** A store as the tier uses it: its failures are told, keys are told apart by namespace, and missing calls are made up for. */
export interface Store {
  readonly iterates: boolean
  readonly isMap: boolean
  open(): void
  close(): void
  getMany(keys: readonly string[]): Promise<readonly unknown[]>
  setMany(entries: readonly { key: string; value: string; ttl?: number }[]): Promise<void>
  deleteMany(keys: readonly string[]): Promise<void>
  /** Everything in the namespace, in no order, a key more than once if the store does so. */
  iterate(): AsyncGenerator<readonly [key: string, value: unknown]>
}

/**
 * The store below a Keyv, or the adapter or Map itself. Keyv itself is left out: it swallows failures unless told
 * otherwise, and a removal that failed must not look like one that was made.
 * @throws E_OPTION_INVALID when it is none
 */
export function useStore(given: KeyvLike | KeyvStore): Store {
  const methods = ['get', 'set', 'delete'] as const
  const below = (given as Partial<KeyvLike>).store as KeyvStore | undefined
  const adapter = typeof below?.get === 'function' ? below : (given as KeyvStore)
  if (
    typeof adapter !== 'object' ||
    adapter === null ||
    methods.some((name) => typeof adapter[name] !== 'function')
  ) {
    throw new RepriseError(
      'E_OPTION_INVALID',
      `store is ${quote(adapter)}: give a Keyv 5, a storage adapter of Keyv 5 or a Map`,
    )
  }
  const namespace = given.namespace ?? adapter.namespace
  // As Keyv names keys. Some adapters put the namespace before that once more, and take it off again.
  const prefix = namespace === undefined || namespace === '' ? '' : `${namespace}:`
  const inside = (key: string): string => prefix + key
  const isMap = adapter instanceof Map
  let failures = 0
  let failure: unknown
  const listener = (error: unknown): void => {
    failures += 1
    failure = error
  }

  /** Rejects when the adapter told of a failure meanwhile, which many do instead of throwing. */
  async function heed<T>(work: () => Promise<T>): Promise<T> {
    const before = failures
    const result = await work()
    if (failures !== before) throw new Error('the store told of a failure', { cause: failure })
    return result
  }

  async function inSlices<T>(
    items: readonly T[],
    size: number,
    work: (slice: T[]) => Promise<void>,
  ): Promise<void> {
    for (let from = 0; from < items.length; from += size) await work(items.slice(from, from + size))
  }

  return {
    iterates: isMap || typeof adapter.iterator === 'function',
    isMap,
    open() {
      adapter.off?.('error', listener)
      adapter.on?.('error', listener)
    },
    close() {
      adapter.off?.('error', listener)
    },
    getMany: async (keys) =>
      heed(async () => {
        const values: unknown[] = []
        await inSlices(keys.map(inside), together.read, async (slice) => {
          const got = adapter.getMany?.(slice) ?? Promise.all(slice.map(async (key) => adapter.get(key)))
          values.push(...(await got))
        })
        return values
      }),
    setMany: async (entries) =>
      heed(async () => {
        await inSlices(
          entries.map((entry) => ({ ...entry, key: inside(entry.key) })),
          together.write,
          async (slice) => {
            const answers =
              adapter.setMany === undefined
                ? await Promise.all(slice.map(async ({ key, value, ttl }) => adapter.set(key, value, ttl)))
                : [await adapter.setMany(slice)].flat()
            if (answers.includes(false)) throw new Error('the store did not take all of the records')
          },
        )
      }),
    deleteMany: async (keys) =>
      heed(async () => {
        await inSlices(keys.map(inside), together.write, async (slice) => {
          if (adapter.deleteMany === undefined)
            await Promise.all(slice.map(async (key) => adapter.delete(key)))
          else await adapter.deleteMany(slice)
        })
      }),
    async *iterate() {
      const before = failures
      const all = isMap ? adapter : adapter.iterator?.(namespace)
      for await (const pair of (all ?? []) as AsyncIterable<unknown>) {
        const [key, value] = Array.isArray(pair) ? (pair as unknown[]) : []
        if (typeof key === 'string' && key.startsWith(prefix)) yield [key.slice(prefix.length), value]
      }
      if (failures !== before) throw new Error('the store told of a failure', { cause: failure })
    },
  }
}
