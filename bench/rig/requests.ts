/** Which of so many keys are read, one after another: drawn beforehand, so that a measured loop only walks an array. */

/** Reads of one call: enough that the call and the clock cost nothing. */
export const blockLength = 2_000

/** Numbers from 0 to 1 in an order that is the same in each run. */
function drawing(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Places of keys, shuffled, so that the popular ones do not lie side by side in memory. */
function shuffled(keys: number, random: () => number): Uint32Array {
  const places = Uint32Array.from({ length: keys }, (_, place) => place)
  for (let at = keys - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1))
    const kept = places[at] as number
    places[at] = places[other] as number
    places[other] = kept
  }
  return places
}

/**
 * So many blocks of places: Zipf with an exponent (`skew`), where a key's weight is 1 / rank ** skew; 0 draws all keys
 * alike.
 */
export function drawBlocks(keys: number, skew: number, blocks: number): readonly Uint32Array[] {
  const random = drawing(42)
  const places = shuffled(keys, random)
  const edges = new Float64Array(keys)
  let reached = 0
  for (let rank = 0; rank < keys; rank += 1) edges[rank] = reached += 1 / (rank + 1) ** skew
  const draw = (): number => {
    const drawn = random() * reached
    let low = 0
    let high = keys - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((edges[middle] as number) < drawn) low = middle + 1
      else high = middle
    }
    return places[low] as number
  }
  return Array.from({ length: blocks }, () => Uint32Array.from({ length: blockLength }, draw))
}
