import assert from 'node:assert/strict'

/** A body that tells its key, its number, and whether it is whole. */
export function bodyOf(key: string, n: number): string {
  return JSON.stringify({ key, n, text: `${n}:`.repeat(200 + ((n * 37) % 4_000)) })
}

/** The number of a body; throws when it is not whole or of another key. */
export function numberOf(key: string, body: string | Uint8Array): number {
  const { n } = JSON.parse(String(body)) as { n: number }
  assert.equal(body, bodyOf(key, n))
  return n
}

/** Keys that are written together again and again. */
export const group: readonly string[] = ['k:group:甲', 'k:group:../../b', 'k:group:c/d', 'k:group:\\e']

/** Keys that are written together once: so many that a kill often finds some of them in their places. */
export function batchOf(n: number): string[] {
  return Array.from({ length: 200 }, (_, part) => `k:batch:${n}:${part}`)
}
