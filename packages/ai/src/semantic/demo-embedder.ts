import { createHash } from 'node:crypto'

/** How many numbers a vector of the demo embedder has. */
const size = 512

/**
 * An embedder that needs no model, for demonstrations and tests: words, runs of three letters and pairs of Chinese
 * characters, hashed into a vector of 512 numbers. It sees spelling and no meaning: "cancel" and "call off" are far
 * from each other, "Paris" and "Rome" in one long sentence are near. Never a choice for production.
 */
export async function demoEmbedder(text: string): Promise<number[]> {
  const counts = new Map<string, number>()
  for (const feature of featuresOf(text)) counts.set(feature, (counts.get(feature) ?? 0) + 1)
  const vector = Array.from<number>({ length: size }).fill(0)
  for (const [feature, count] of counts) {
    const hash = createHash('sha1').update(feature).digest()
    const place = hash.readUInt16BE(0) % size
    const sign = (hash[2] as number) % 2 === 0 ? 1 : -1
    vector[place] = (vector[place] as number) + sign * Math.sqrt(count)
  }
  const length = Math.hypot(...vector)
  return length === 0 ? vector : vector.map((value) => value / length)
}

function* featuresOf(text: string): Generator<string> {
  const plain = text.normalize('NFKC').toLowerCase()
  for (const [word] of plain.matchAll(/\p{Script=Han}+|[\p{L}\p{N}]+/gu)) {
    if (/^\p{Script=Han}/u.test(word)) {
      const signs = Array.from(word)
      yield* signs
      yield* signs.slice(1).map((sign, index) => `${signs[index]}${sign}`)
      continue
    }
    const framed = `<${word}>`
    yield framed
    for (let at = 0; at + 3 <= framed.length; at += 1) yield framed.slice(at, at + 3)
  }
}
