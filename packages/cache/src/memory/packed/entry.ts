import type { Entry, Position, Provenance } from '../../entry/entry.ts'

/** What a packed entry is made of; a version of 12 characters of base64url comes as the nine bytes that they stand for. */
export interface Parts extends Omit<Entry, 'value'> {
  readonly shortVersion: boolean
  /** The value, or what reads it when it is first asked for. */
  readonly value: unknown
  readonly later: (() => unknown) | undefined
}

/** An entry as it was read from bytes: a copy of its own, whatever becomes of them. */
export class PackedEntry implements Entry {
  readonly createdAt: number
  readonly freshUntil: number
  readonly asOf: Position
  readonly tags: readonly string[]
  readonly meta: Provenance
  readonly loadTime: number
  readonly bytes: number
  readonly #version: string
  readonly #shortVersion: boolean
  #value: unknown
  #later: (() => unknown) | undefined

  constructor(parts: Parts) {
    this.createdAt = parts.createdAt
    this.freshUntil = parts.freshUntil
    this.asOf = parts.asOf
    this.tags = parts.tags
    this.meta = parts.meta
    this.loadTime = parts.loadTime
    this.bytes = parts.bytes
    this.#version = parts.version
    this.#shortVersion = parts.shortVersion
    this.#value = parts.value
    this.#later = parts.later
  }

  get value(): unknown {
    const later = this.#later
    if (later !== undefined) {
      this.#value = later()
      this.#later = undefined
    }
    return this.#value
  }

  get version(): string {
    return this.#shortVersion ? Buffer.from(this.#version, 'latin1').toString('base64url') : this.#version
  }
}

/** Nine characters of Latin-1 for a version of 12 characters of base64url, which is what the engine gives; undefined for others. */
export function shortVersion(version: string): string | undefined {
  return /^[\w-]{12}$/.test(version) ? Buffer.from(version, 'base64url').toString('latin1') : undefined
}
