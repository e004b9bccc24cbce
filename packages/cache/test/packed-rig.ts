import {
  type PackedMemory,
  type PackedSettings,
  createPackedMemory,
} from '../src/memory/packed/packed-memory.ts'

/** A packed memory for tests, roomy unless they say otherwise. */
export function packed(settings: Partial<PackedSettings> = {}): PackedMemory {
  const nothing = (): void => {}
  return createPackedMemory({
    maxEntries: 1_000,
    maxBytes: 64 * 1_048_576,
    worthOf: () => 0,
    onEvict: nothing,
    onLeave: nothing,
    ...settings,
  })
}
