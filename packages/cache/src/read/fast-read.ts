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
  /** Where keys have parameters, and memory finds an entry by these. */
  readonly #reads: FreshReads | undefined
  readonly #names: readonly string[]
  /** The one of them, where there is one alone. */
  readonly #name: string | undefined
  /** The parameters of the read that is under way. */
  readonly #given: (string | number)[]

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
    // Names of properties are compared by their place once V8 knows them as such.
    this.#names = Object.keys(Object.fromEntries(space.keys.names.map((name) => [name, 0])))
    this.#name = this.#names.length === 1 ? this.#names[0] : undefined
    this.#given = this.#names.map(() => '')
    this.#reads = this.#names.length === 0 ? undefined : engine.memory.reads?.(space)
  }

  /** The value of these parameters where memory finds it without a key, lives and is fresh now; counted as a hit. */
  near(params: AnyParams, now: number): unknown {
    const reads = this.#reads
    if (reads === undefined) return undefined
    if (!this.#trusted()) return undefined
    const value = this.#name === undefined ? this.#many(reads, params, now) : this.#one(reads, params, now)
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

  /** By the one parameter, where there is nothing else and it is a text or a number. */
  #one(reads: FreshReads, params: AnyParams, now: number): unknown {
    const name = this.#name
    let value: unknown
    // Of a member that is met in a loop V8 knows the place, whatever its name.
    for (const given in params) {
      if (given !== name) return undefined
      value = params[given]
    }
    return isText(value) ? reads.hit(value, now, this.#order.revision) : undefined
  }

  /** By several, where there is nothing else and each of them is a text or a number. */
  #many(reads: FreshReads, params: AnyParams, now: number): unknown {
    const names = this.#names
    let count = 0
    for (const name in params) {
      const place = names[count] === name ? count : names.indexOf(name)
      const value: unknown = params[name]
      if (place < 0 || !isText(value)) return undefined
      this.#given[place] = value
      count += 1
    }
    return count === names.length ? reads.hitAll(this.#given, now, this.#order.revision) : undefined
  }

  #count(cost: number | undefined): void {
    this.#hits['memory'] = (this.#hits['memory'] ?? 0) + 1
    this.#counters.avoidedCost += cost ?? this.#cost
  }
}

/** Whether a parameter stands in a key as `String` gives it, but for its escapes. */
function isText(value: unknown): value is string | number {
  return typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value))
}
