/** Names of a catalog's own keys. All share a slot, since what stands in braces decides it. */
export interface CatalogKeys {
  /** Hash: era, n, floor, run of the server, and each mark's number under `m:` and its name. */
  readonly hash: string
  /** Stream of records, whose ids are their numbers. */
  readonly log: string
  /** String: era, n, floor and run, as in the hash. */
  readonly mirror: string
  /** Channel of ended leases. */
  readonly wake: string
  /** What the application that has the prefix is. */
  readonly descriptor: string
}

/** The names for a prefix. No entry has such a key, since an entry's key begins with the prefix itself. */
export function catalogKeys(prefix: string): CatalogKeys {
  return Object.freeze({
    hash: `{${prefix}}:h`,
    log: `{${prefix}}:log`,
    mirror: `{${prefix}}:head`,
    wake: `{${prefix}}:wake`,
    descriptor: `{${prefix}}:d`,
  })
}

/** The keys beside an entry, in its slot. */
export const leaseKey = (key: string): string => `{${key}}:l`
export const failureKey = (key: string): string => `{${key}}:f`
export const sidecarKey = (key: string): string => `{${key}}:s`

/** A text as a glob pattern that matches only itself. */
export function escapeGlob(literal: string): string {
  return literal.replace(/[*?[\]\\^]/g, '\\$&')
}

const table = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1
  return crc & 0xffff
})

/** The Cluster slot of a key without braces: CRC16 (XMODEM) modulo 16384. */
export function slotOf(key: string): number {
  let crc = 0
  for (const byte of Buffer.from(key)) crc = ((crc << 8) ^ (table[(crc >> 8) ^ byte] as number)) & 0xffff
  return crc & 16_383
}

/** Indexes of keys by the slot they are in, in the order they came. */
export function groupBySlot(keys: readonly string[]): readonly (readonly number[])[] {
  const groups = new Map<number, number[]>()
  keys.forEach((key, index) => {
    const slot = slotOf(key)
    const group = groups.get(slot)
    if (group === undefined) groups.set(slot, [index])
    else group.push(index)
  })
  return [...groups.values()]
}
