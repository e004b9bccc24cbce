import { type Cache, createCache } from '../../cache.ts'
import { defineCatalog } from '../../key/catalog.ts'
import type { SpaceHandle } from '../../handle.ts'
import { type Space, type SpaceBase, bounded, defineSpace } from '../../key/space.ts'
import { type Link, createLink } from './link.ts'
import type { Scheduler } from './scheduler.ts'
import type { ModelServer } from './server.ts'
import type { Weather } from './wire.ts'

/** How long `bounded` entries of the simulation may be behind, in milliseconds. */
export const bound = 150

/** A version number, as a schema that is cheap to check. */
const versionNumber = {
  '~standard': {
    version: 1,
    vendor: 'simulation',
    validate: (value: unknown) =>
      typeof value === 'number' ? { value } : { issues: [{ message: 'not a number' }] },
  },
} as const

const declare = (
  name: string,
  consistency: 'eventual' | 'strict' | { readonly bounded: number },
): SpaceBase =>
  defineSpace({
    name,
    key: `${name}:{id}`,
    schema: versionNumber,
    ttl: 60_000,
    staleIfError: 60_000,
    consistency: typeof consistency === 'object' ? bounded(consistency.bounded) : consistency,
    backoff: false,
    tags: ({ id }: { readonly id: string | number | bigint | boolean }) => [`${name}-${String(id)}`],
  } as never)

/** The spaces of the simulation, one for each way to trust memory. */
export const spaces = [
  declare('plain', 'eventual'),
  declare('limited', { bounded: bound }),
  declare('strict', 'strict'),
] as const

/** A key of the simulation. */
export interface Spot {
  readonly space: string
  readonly id: number
}

/** The handle of a space of the simulation. */
export type Handle = SpaceHandle<Space<string, '{id}', number>>

/** One process of the simulated cluster, from its start to its end. */
export interface SimulatedProcess {
  readonly name: string
  readonly link: Link
  readonly cache: Cache
  readonly startedAt: number
  alive: boolean
  handle(space: string): Handle
}

/** Where processes run. */
export interface Site {
  readonly scheduler: Scheduler
  readonly server: ModelServer
  readonly weather: Weather
  readonly random: () => number
}

/** How a process is set up. */
export interface ProcessOptions {
  /** @default the spaces of the simulation */
  readonly spaces?: readonly SpaceBase[]
  /** Milliseconds after which a call to the store is given up. @default 60 */
  readonly deadline?: number
  /** Length of a lease in milliseconds. @default 120 */
  readonly lease?: number
  /** Entries that memory holds. @default 1 000 */
  readonly maxEntries?: number
  /** Whether values live on other servers than the log. @default false */
  readonly scattered?: boolean
}

/** Starts a process; rejects while the server cannot be reached. */
export async function startProcess(
  site: Site,
  name: string,
  options: ProcessOptions = {},
): Promise<SimulatedProcess> {
  const { scheduler, server, weather, random } = site
  const { deadline = 60, lease = 120, maxEntries = 1_000, scattered = false } = options
  const declared = options.spaces ?? spaces
  const state = { alive: true }
  // Clocks of processes differ by up to five seconds either way.
  const clock = scheduler.clock(Math.round((random() - 0.5) * 10_000), () => state.alive)
  const link = createLink({
    server,
    scheduler,
    random,
    weather,
    now: clock.now,
    alive: () => state.alive,
    scattered,
    deadline,
  })
  const catalog = defineCatalog({ prefix: 'sim', spaces: declared })
  const cache = await createCache({
    catalog,
    shared: link.shared,
    lease,
    clock,
    random,
    sweepEvery: 0,
    memory: { maxEntries },
  })
  return {
    name,
    link,
    cache,
    startedAt: scheduler.now(),
    get alive() {
      return state.alive
    },
    set alive(to) {
      state.alive = to
    },
    handle: (space) =>
      cache.open(declared.find((one) => one.name === space) as SpaceBase) as unknown as Handle,
  }
}
