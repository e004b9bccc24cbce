/** Counts of how often keys were asked for lately, after Caffeine: four of 16 four-bit counters per entry, halved with time. */
export interface FrequencySketch {
  /** 0 to 15. */
  frequency(key: number): number
  increment(key: number): void
  /** After so many counted requests all counts are halved. */
  readonly sampleSize: number
}

function spread(key: number): number {
  let hash = key ^ (key >>> 17)
  hash = Math.imul(hash, 0xed5ad4bb)
  hash ^= hash >>> 11
  hash = Math.imul(hash, 0xac4c1b51)
  return hash ^ (hash >>> 15)
}

function rehash(hash: number): number {
  const mixed = Math.imul(hash, 0x31848bab)
  return mixed ^ (mixed >>> 14)
}

/** A sketch for a cache of so many entries. */
export function createFrequencySketch(capacity: number): FrequencySketch {
  const words = Math.max(8, 2 ** Math.ceil(Math.log2(Math.max(1, capacity))))
  // One byte per counter where Caffeine has four bits: the same counts, simpler to index.
  const counters = new Uint8Array(words * 16)
  const blocks = (words >>> 3) - 1
  const sampleSize = 10 * Math.max(1, capacity)
  let size = 0
  const place = (blockHash: number, counterHash: number, row: number): number => {
    const hash = counterHash >>> (row << 3)
    const word = ((blockHash & blocks) << 3) + (hash & 1) + (row << 1)
    return (word << 4) + ((hash >> 1) & 15)
  }
  const halve = (): void => {
    let odd = 0
    for (let index = 0; index < counters.length; index += 1) {
      const count = counters[index] as number
      odd += count & 1
      counters[index] = count >>> 1
    }
    size = (size - (odd >>> 2)) >>> 1
  }
  return {
    sampleSize,
    frequency(key) {
      const blockHash = spread(key)
      const counterHash = rehash(blockHash)
      let least = 15
      for (let row = 0; row < 4; row += 1)
        least = Math.min(least, counters[place(blockHash, counterHash, row)] as number)
      return least
    },
    increment(key) {
      const blockHash = spread(key)
      const counterHash = rehash(blockHash)
      let added = false
      for (let row = 0; row < 4; row += 1) {
        const at = place(blockHash, counterHash, row)
        if ((counters[at] as number) === 15) continue
        counters[at] = (counters[at] as number) + 1
        added = true
      }
      if (!added) return
      size += 1
      if (size === sampleSize) halve()
    },
  }
}
