/** Bounds of the memory tier. */
export interface MemoryOptions {
  /** @default 100 000 */
  readonly maxEntries?: number
  /** Estimated heap of keys and values, in bytes. @default 256 MiB */
  readonly maxBytes?: number
}
