import { randomFillSync } from 'node:crypto'

/** 72 bits: two writes of one key in 2 ** 36 would be needed for an even chance of a mix-up. */
const length = 9
const pool = Buffer.allocUnsafe(length * 256)
let used = pool.length

/** A name of one write, 12 characters. Random bytes are drawn for many at once, and the text is a flat one: V8 keeps a text that was joined from pieces as these pieces. */
export function newVersion(): string {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += length
  return pool.toString('base64url', used - length, used)
}
