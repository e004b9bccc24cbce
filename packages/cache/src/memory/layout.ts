import { RepriseError, quote } from '../errors.ts'
import {
  type Memory,
  type MemoryOptions,
  type MemoryRecord,
  bound,
  createMemory,
  weighedCost,
} from './memory.ts'
import { createPackedMemory } from './packed/packed-memory.ts'
import { createWorth } from './worth.ts'

/** The memory tier of the layout that the options name. @throws E_OPTION_INVALID */
export function createMemoryOf(
  options: MemoryOptions,
  onEvict: (record: MemoryRecord) => void,
  onLeave: (record: MemoryRecord, why: 'evicted' | 'replaced' | 'removed') => void = () => {},
): Memory {
  const { layout = 'objects', maxEntries = 100_000, maxBytes = 256 * 1_048_576, weighCost } = options
  if (layout === 'objects') return createMemory(options, onEvict, onLeave)
  if (layout !== 'packed')
    throw new RepriseError(
      'E_OPTION_INVALID',
      `memory.layout is ${quote(layout)}: give 'objects' or 'packed'`,
    )
  return createPackedMemory({
    maxEntries: Math.floor(bound(maxEntries, 'maxEntries')),
    maxBytes: bound(maxBytes, 'maxBytes'),
    worthOf: createWorth(weighedCost(weighCost)),
    onEvict,
    onLeave,
  })
}
