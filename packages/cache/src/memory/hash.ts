const start = 0x811c9dc5
/** The factor of FNV-1a. Not exported: V8 looks exported constants up at each use, here at each letter. */
const prime = 0x01000193

/** The state of a hash after no text. Another seed gives other hashes. */
export function startHash(seed: number): number {
  return start ^ seed
}

/** The state after one more part of a text: FNV-1a over its code units. */
export function hashOn(state: number, text: string): number {
  let hash = state
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), prime)
  return hash
}

/** 32 well-mixed bits of a text: FNV-1a, then the finaliser of MurmurHash3. */
export function hashText(text: string, seed = 0): number {
  return mix(hashOn(startHash(seed), text))
}

/** The same number of bits, each of them of all. */
export function mix(number: number): number {
  let hash = Math.imul(number ^ (number >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
