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

/** Fresh hits in memory of one space: the shortest way there is, with what does not change looked up once. */
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

  /**
   * The record of these parameters where it is in memory, lives and is fresh now; it is counted then. Undefined where
   * there is none: a longer way has to tell why.
   * @throws E_PARAM_MISSING, E_PARAM_UNKNOWN, E_PARAM_INVALID, E_KEY_TOO_LONG
   */
  hit(params: AnyParams, now: number): MemoryRecord | undefined {
    const near = this.#near
    let record = near === undefined ? undefined : near.find(params)
    if (record === undefined) {
      record = this.#memory.read(this.#space.keys.build(params))
      if (record === undefined) return undefined
      if (near !== undefined && record.hits >= often) near.keep(params[this.#name], record)
    } else (this.#use as (record: MemoryRecord) => void)(record)
    const { entry } = record
    if (now >= entry.freshUntil) return undefined
    if (!this.#free && !trusted(this.#engine, this.#space)) return undefined
    if (record.checkedAt !== this.#order.revision && !lives(this.#engine, record)) return undefined
    record.hits += 1
    record.lastReadAt = now
    this.#hits['memory'] = (this.#hits['memory'] ?? 0) + 1
    this.#counters.avoidedCost += entry.meta.cost ?? this.#cost
    this.#hot.note(record.key, this.#space.name)
    return record
  }
}
