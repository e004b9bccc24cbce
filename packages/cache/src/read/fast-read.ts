import type { BoundSpace } from '../key/catalog.ts'
import { type Engine, countersOf, lives } from '../engine.ts'
import type { AnyParams } from '../key/template.ts'
import type { Memory, MemoryRecord } from '../memory/memory.ts'
import { Near } from './near.ts'
import type { Order } from '../log/order.ts'
import type { ReadSketch } from '../operate/read-sketch.ts'
import type { Counters } from '../operate/stats.ts'
import { trusted } from './read.ts'

/** Hits after which a record is worth a place in the index of near ones. */
const often = 4

/**
 * Fresh hits in memory of one space: the shortest way there is, with what does not change looked up once. Ask `near`
 * first, then `at` with the key.
 */
export class FastRead {
  readonly #engine: Engine
  readonly #space: BoundSpace
  readonly #memory: Memory
  readonly #use: Memory['use']
  readonly #order: Order
  readonly #hot: ReadSketch
  readonly #counters: Counters
  readonly #hits: Record<string, number>
  readonly #cost: number
  /** Whether memory is trusted whatever is known of the log. */
  readonly #free: boolean
  readonly #near: Near | undefined
  readonly #name: string

  constructor(engine: Engine, space: BoundSpace) {
    this.#engine = engine
    this.#space = space
    this.#memory = engine.memory
    this.#use = engine.memory.use
    this.#order = engine.order
    this.#hot = engine.hot
    this.#counters = countersOf(engine, space)
    this.#hits = this.#counters.hits
    this.#cost = space.settings.cost
    this.#free = space.settings.trust === Infinity
    const [name, ...others] = space.keys.names
    this.#name = name ?? ''
    this.#near =
      name === undefined || others.length > 0 || this.#use === undefined ? undefined : new Near(name)
  }

  /** The record of these parameters where it is one of those that are read most; undefined where a key has to be built. */
  near(params: AnyParams, now: number): MemoryRecord | undefined {
    const record = this.#near?.find(params)
    if (record === undefined || !this.#trusted()) return undefined
    ;(this.#use as (record: MemoryRecord) => void)(record)
    return this.#serve(record, now)
  }

  /** The record of a key, which these parameters build, where it is in memory. */
  at(key: string, params: AnyParams, now: number): MemoryRecord | undefined {
    if (!this.#trusted()) return undefined
    const record = this.#memory.read(key)
    if (record === undefined) return undefined
    if (record.hits >= often) this.#near?.keep(params[this.#name], record)
    return this.#serve(record, now)
  }

  #trusted(): boolean {
    return this.#free || trusted(this.#engine, this.#space)
  }

  /** A record that lives and is fresh now, counted as a hit; of any other a longer way has to tell why. */
  #serve(record: MemoryRecord, now: number): MemoryRecord | undefined {
    const { entry } = record
    if (now >= entry.freshUntil) return undefined
    if (record.checkedAt !== this.#order.revision && !lives(this.#engine, record)) return undefined
    record.hits += 1
    record.lastReadAt = now
    this.#hits['memory'] = (this.#hits['memory'] ?? 0) + 1
    this.#counters.avoidedCost += entry.meta.cost ?? this.#cost
    this.#hot.note(record.key, this.#space.name)
    return record
  }
}
