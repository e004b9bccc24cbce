import type { BoundSpace } from '../key/catalog.ts'
import { type Engine, countersOf, lives } from '../engine.ts'
import type { AnyParams } from '../key/template.ts'
import type { FreshReads, Memory } from '../memory/memory.ts'
import type { Order } from '../log/order.ts'
import type { ReadSketch } from '../operate/read-sketch.ts'
import type { Counters } from '../operate/stats.ts'
import { trusted } from './read.ts'

/**
 * Fresh hits in memory of one space: the shortest way there is, with what does not change looked up once. Ask `near`
 * first, then `at` with the key. Undefined, which no value is, is the answer where a longer way has to tell why there is
 * none.
 */
export class FastRead {
  readonly #engine: Engine
  readonly #space: BoundSpace
  readonly #memory: Memory
  readonly #order: Order
  readonly #hot: ReadSketch
  readonly #counters: Counters
  readonly #hits: Record<string, number>
  readonly #cost: number
  /** Whether memory is trusted whatever is known of the log. */
  readonly #free: boolean
  /** Where keys have one parameter, and memory finds an entry by that. */
  readonly #reads: FreshReads | undefined
  readonly #name: string

  constructor(engine: Engine, space: BoundSpace) {
    this.#engine = engine
    this.#space = space
    this.#memory = engine.memory
    this.#order = engine.order
    this.#hot = engine.hot
    this.#counters = countersOf(engine, space)
    this.#hits = this.#counters.hits
    this.#cost = space.settings.cost
    this.#free = space.settings.trust === Infinity
    const [name, ...others] = space.keys.names
    // Names of properties are compared by their place once V8 knows them as such.
    this.#name = Object.keys({ [name ?? '']: 0 })[0] as string
    this.#reads = name === undefined || others.length > 0 ? undefined : engine.memory.reads?.(space)
  }

  /** The value of these parameters where memory finds it without a key, lives and is fresh now; counted as a hit. */
  near(params: AnyParams, now: number): unknown {
    const reads = this.#reads
    if (reads === undefined) return undefined
    const param = this.#paramOf(params)
    if (param === undefined || !this.#trusted()) return undefined
    const value = reads.hit(param, now, this.#order.revision)
    if (value === undefined) return undefined
    this.#count(reads.cost)
    if (this.#hot.isDue()) this.#hot.count(this.#space.keys.build(params), this.#space.name)
    return value
  }

  /** The value of a key where it is in memory, lives and is fresh now; counted as a hit. */
  at(key: string, now: number): unknown {
    if (!this.#trusted()) return undefined
    const record = this.#memory.read(key)
    if (record === undefined) return undefined
    const { entry } = record
    if (now >= entry.freshUntil) return undefined
    if (record.checkedAt !== this.#order.revision && !lives(this.#engine, record)) return undefined
    record.hits += 1
    record.lastReadAt = now
    this.#count(entry.meta.cost)
    this.#hot.note(key, this.#space.name)
    return entry.value
  }

  #trusted(): boolean {
    return this.#free || trusted(this.#engine, this.#space)
  }

  /** The one parameter, where there is nothing else and it is a text or a number. */
  #paramOf(params: AnyParams): string | number | undefined {
    const name = this.#name
    let value: unknown
    // Of a parameter that is met in a loop V8 knows the place, whatever its name.
    for (const given in params) {
      if (given !== name) return undefined
      value = params[given]
    }
    if (typeof value === 'string') return value
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined
  }

  #count(cost: number | undefined): void {
    this.#hits['memory'] = (this.#hits['memory'] ?? 0) + 1
    this.#counters.avoidedCost += cost ?? this.#cost
  }
}
