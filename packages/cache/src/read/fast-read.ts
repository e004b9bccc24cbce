import type { BoundSpace } from '../key/catalog.ts'
import { type Engine, countersOf, lives } from '../engine.ts'
import type { AnyParams } from '../key/template.ts'
import type { Memory, MemoryRecord } from '../memory/memory.ts'
import { Near } from './near.ts'
import type { Counters } from '../operate/stats.ts'
import { trusted } from './read.ts'

/** Hits after which a record is worth a place in the index of near ones. */
const often = 4

/** Fresh hits in memory of one space: the shortest way there is, with what does not change looked up once. */
export class FastRead {
  readonly #engine: Engine
  readonly #space: BoundSpace
  readonly #memory: Memory
  readonly #counters: Counters
  readonly #cost: number
  readonly #near: Near | undefined
  readonly #name: string

  constructor(engine: Engine, space: BoundSpace) {
    this.#engine = engine
    this.#space = space
    this.#memory = engine.memory
    this.#counters = countersOf(engine, space)
    this.#cost = space.settings.cost
    const [name, ...others] = space.keys.names
    this.#name = name ?? ''
    this.#near =
      name === undefined || others.length > 0 || engine.memory.use === undefined ? undefined : new Near(name)
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
    } else this.#memory.use?.(record)
    const { entry } = record
    if (now >= entry.freshUntil || !trusted(this.#engine, this.#space) || !lives(this.#engine, record))
      return undefined
    record.hits += 1
    record.lastReadAt = now
    const counters = this.#counters
    counters.hits['memory'] = (counters.hits['memory'] ?? 0) + 1
    counters.avoidedCost += entry.meta.cost ?? this.#cost
    this.#engine.hot.note(record.key, this.#space.name)
    return record
  }
}
