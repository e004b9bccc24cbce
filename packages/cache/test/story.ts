import {
  type Cache,
  type CacheOptions,
  type Space,
  createCache,
  defineCatalog,
  defineSpace,
  onEveryEvent,
} from '@reprise/cache'
import { type FakeClock, createFakeClock } from '@reprise/cache/testing'
import { z } from 'zod'

/** A space of answers by question, whose policy a test chooses. */
export function answers(
  policy: Partial<Parameters<typeof defineSpace<'answer', 'answer:{question}', z.ZodType>>[0]> = {},
): Space<'answer', 'answer:{question}', unknown> {
  return defineSpace({ name: 'answer', key: 'answer:{question}', schema: z.unknown(), ttl: '10m', ...policy })
}

/** A cache under test, with the story of its events. */
export interface Stage {
  readonly cache: Cache
  readonly clock: FakeClock
  /** The events since the last time, as lines. */
  story(): string[]
}

/** Opens a cache over a catalog of one space; random is 0.5 unless told. */
export async function stage(
  space: Parameters<Cache['open']>[0],
  options: Partial<CacheOptions> = {},
): Promise<Stage> {
  const clock = createFakeClock()
  const catalog = defineCatalog({ prefix: 'test', spaces: [space] })
  const cache = await createCache({ catalog, clock, random: () => 0.5, sweepEvery: 0, ...options })
  const lines: string[] = []
  onEveryEvent((name, event) => {
    const { key: _, space: __, meta: ___, error, ...rest } = event as Record<string, unknown>
    const facts = Object.entries(rest).map(([field, value]) => `${field}=${String(value)}`)
    if (error !== undefined) facts.push(`error=${(error as Error).message}`)
    lines.push([name, ...facts].join(' '))
  })
  return { cache, clock, story: () => lines.splice(0) }
}

/** A loader that the test ends: call by call, with a value or an error. */
export function controlled(): {
  readonly loader: (context: { signal: AbortSignal }) => Promise<unknown>
  readonly calls: {
    readonly signal: AbortSignal
    resolve(value: unknown): void
    reject(error: unknown): void
  }[]
} {
  const calls: ReturnType<typeof controlled>['calls'] = []
  const loader = async ({ signal }: { signal: AbortSignal }): Promise<unknown> =>
    new Promise((resolve, reject) => {
      calls.push({ signal, resolve, reject })
    })
  return { loader, calls }
}
