const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const codes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0))
const none = 64
/** The six bits of each letter. */
const bits = new Uint8Array(128).fill(none)
codes.forEach((code, index) => (bits[code] = index))

/** Letters of a version as the engine makes it, and of each number that holds a part of them. */
const length = 12
const each = 4
const scratch = Buffer.alloc(length)

/** Three times 24 bits of a version. */
export type ShortVersion = readonly [number, number, number]

/** The bits of 12 letters of base64url; undefined for other versions. */
export function lettersToBits(version: string): ShortVersion | undefined {
  if (version.length !== length) return undefined
  const three: [number, number, number] = [0, 0, 0]
  for (let at = 0; at < length; at += 1) {
    const six = bits[version.charCodeAt(at)] ?? none
    if (six === none) return undefined
    const part = ((at / each) | 0) as 0 | 1 | 2
    three[part] = (three[part] << 6) | six
  }
  return three
}

/** The letters again, of three numbers from some place on. */
export function bitsToLetters(numbers: Int32Array, from: number): string {
  for (let at = 0; at < length; at += 1) {
    const part = numbers[from + ((at / each) | 0)] as number
    scratch[at] = codes[(part >> (6 * (each - 1 - (at % each)))) & 63] as number
  }
  return scratch.toString('latin1')
}
