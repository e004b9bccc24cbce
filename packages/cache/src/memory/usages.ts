/** What a space holds in memory. */
export interface SpaceUsage {
  entries: number
  bytes: number
}

/** What all spaces hold, counted and weighed. */
export class Usages {
  entries = 0
  bytes = 0
  readonly #spaces = new Map<string, SpaceUsage>()

  of(space: string): SpaceUsage {
    let usage = this.#spaces.get(space)
    if (usage === undefined) this.#spaces.set(space, (usage = { entries: 0, bytes: 0 }))
    return usage
  }

  /** An entry of so many bytes came, or went. */
  count(space: string, size: number, sign: 1 | -1): void {
    const usage = this.of(space)
    this.entries += sign
    this.bytes += size * sign
    usage.entries += sign
    usage.bytes += size * sign
  }
}
