const ways = 8

/** Keys that have gone lately, as 16 bits of their hash and the request at which they were last asked for. */
export interface Ghosts {
  /** How many it can hold. */
  readonly slots: number
  put(hash: number, usedAt: number): void
  /** When a key was last asked for, where it is known; it is forgotten then. A hash may be taken for another's, seldom. */
  take(hash: number): number | undefined
}

/** A table for at least `entries` ghosts: six bytes each; of eight that meet, the one that was used longest ago gives way. */
export function createGhosts(entries: number): Ghosts {
  const slots = 2 ** Math.ceil(Math.log2(Math.max(ways, entries)))
  const names = new Uint16Array(slots)
  const times = new Int32Array(slots)
  const buckets = slots / ways - 1
  // 0 is the name of nobody.
  const nameOf = (hash: number): number => hash >>> 16 || 1
  const startOf = (hash: number): number => (hash & buckets) * ways
  return {
    slots,
    put(hash, usedAt) {
      const name = nameOf(hash)
      const start = startOf(hash)
      let place = start
      let age = -1
      for (let slot = start; slot < start + ways; slot += 1) {
        if (names[slot] === name || names[slot] === 0) {
          place = slot
          break
        }
        const other = (usedAt - (times[slot] as number)) >>> 0
        if (other > age && other < 0x8000_0000) {
          age = other
          place = slot
        }
      }
      names[place] = name
      times[place] = usedAt
    },
    take(hash) {
      const name = nameOf(hash)
      const start = startOf(hash)
      for (let slot = start; slot < start + ways; slot += 1) {
        if (names[slot] !== name) continue
        names[slot] = 0
        return times[slot]
      }
      return undefined
    },
  }
}
