import { shards } from './names.ts'

/** Steps into which the ages of files are divided to find the oldest without sorting all of them. */
const steps = 1_024

/** Numbers kept for a file: when its record was made, its size, the first 52 bits of its name. */
const perFile = 3

interface SeenFile {
  readonly name: string
  readonly createdAt: number
  readonly size: number
}

/** The files of a shard as a visit finds them. */
export interface Shelf {
  add(file: SeenFile): void
  readonly numbers: readonly number[]
}

/** A shelf with nothing on it. */
export function emptyShelf(): Shelf {
  const numbers: number[] = []
  return {
    numbers,
    add({ name, createdAt, size }) {
      numbers.push(createdAt, size, Number.parseInt(name.slice(0, 13), 16))
    },
  }
}

/** Files to remove: when they were made by the first 13 digits of their names. */
export type Victims = ReadonlyMap<string, number>

/** What is known of the sizes and ages in a folder, 24 bytes for each file. Nothing is kept where there is no bound. */
export interface Sizes {
  put(place: number, shelf: Shelf): void
  /** Counts bytes written to a shard since it was visited. */
  wrote(place: number, bytes: number): void
  /** Whether the bound may be passed, as far as is known; so until every shard was visited. */
  mayBeOver(): boolean
  /** The oldest files above the bound by shard, at most `limit`. */
  oldest(limit: number): ReadonlyMap<number, Victims>
  drop(place: number, victims: Victims): void
}

/** Sizes of a folder that may take so many bytes. */
export function createSizes(maxBytes: number): Sizes {
  const kept = new Map<number, Float64Array>()
  const fresh = new Map<number, number>()
  const each = (use: (place: number, numbers: Float64Array, at: number) => void): void => {
    for (const [place, numbers] of kept)
      for (let at = 0; at < numbers.length; at += perFile) use(place, numbers, at)
  }
  const total = (): number => {
    let sum = 0
    each((_, numbers, at) => (sum += numbers[at + 1] as number))
    return sum
  }

  /** The made-before instant under which enough bytes lie. */
  function cutoff(excess: number): number {
    let first = Infinity
    let last = -Infinity
    each((_, numbers, at) => {
      first = Math.min(first, numbers[at] as number)
      last = Math.max(last, numbers[at] as number)
    })
    const width = (last - first) / steps || 1
    const sums = new Float64Array(steps + 1)
    each((_, numbers, at) => {
      const step = Math.floor(((numbers[at] as number) - first) / width)
      sums[step] = (sums[step] as number) + (numbers[at + 1] as number)
    })
    let step = 0
    for (let sum = sums[0] as number; sum < excess && step < steps; sum += sums[step] as number) step += 1
    return first + (step + 1) * width
  }

  return {
    put(place, { numbers }) {
      if (maxBytes === Infinity) return
      kept.set(place, Float64Array.from(numbers))
      fresh.delete(place)
    },
    wrote(place, bytes) {
      if (maxBytes !== Infinity) fresh.set(place, (fresh.get(place) ?? 0) + bytes)
    },
    mayBeOver() {
      if (maxBytes === Infinity) return false
      return (
        kept.size < shards || total() + [...fresh.values()].reduce((sum, bytes) => sum + bytes, 0) > maxBytes
      )
    },
    oldest(limit) {
      const excess = total() - maxBytes
      if (maxBytes === Infinity || excess <= 0 || limit <= 0) return new Map()
      const before = cutoff(excess)
      const candidates: { place: number; createdAt: number; size: number; start: string }[] = []
      each((place, numbers, at) => {
        const createdAt = numbers[at] as number
        if (createdAt > before) return
        candidates.push({ place, createdAt, size: numbers[at + 1] as number, start: startOf(numbers, at) })
      })
      candidates.sort((a, b) => a.createdAt - b.createdAt)
      const chosen = new Map<number, Map<string, number>>()
      let left = excess
      for (const { place, createdAt, size, start } of candidates.slice(0, limit)) {
        if (left <= 0) break
        left -= size
        const victims = chosen.get(place) ?? new Map<string, number>()
        chosen.set(place, victims.set(start, createdAt))
      }
      return chosen
    },
    drop(place, victims) {
      const numbers = kept.get(place) ?? new Float64Array(0)
      const left: number[] = []
      for (let at = 0; at < numbers.length; at += perFile)
        if (!victims.has(startOf(numbers, at))) left.push(...numbers.subarray(at, at + perFile))
      kept.set(place, Float64Array.from(left))
    },
  }
}

function startOf(numbers: Float64Array, at: number): string {
  return (numbers[at + 2] as number).toString(16).padStart(13, '0')
}
