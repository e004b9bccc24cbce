import { RepriseError, quote } from '../errors.ts'
import type { Leaver, Leaving, Memory, MemoryOptions, MemorySettings } from './memory.ts'
import { createObjectMemory } from './objects/object-memory.ts'
import { createPackedMemory } from './packed/packed-memory.ts'
import { type WeighedCost, createWorth } from './worth.ts'

const makers = { objects: createObjectMemory, packed: createPackedMemory }

function bound(value: number, name: string): number {
  if (Number.isFinite(value) && value >= 0) return value
  throw new RepriseError('E_OPTION_INVALID', `memory.${name} is ${quote(value)}: give a number of 0 or more`)
}

function weighed(value: WeighedCost | undefined): WeighedCost | undefined {
  if (value === undefined || value === 'loadTime' || value === 'cost') return value
  throw new RepriseError('E_OPTION_INVALID', `memory.weighCost is ${quote(value)}: give 'loadTime' or 'cost'`)
}

/** The memory tier of the layout that the options name. @throws E_OPTION_INVALID */
export function createMemoryOf(
  options: MemoryOptions & Pick<MemorySettings, 'seed'>,
  onEvict: (leaver: Leaver) => void,
  onLeave: (leaver: Leaver, why: Leaving) => void = () => {},
): Memory {
  const {
    layout = 'objects',
    maxEntries = 100_000,
    maxBytes = 256 * 1_048_576,
    weighCost,
    seed = 0,
  } = options
  if (!Object.hasOwn(makers, layout))
    throw new RepriseError(
      'E_OPTION_INVALID',
      `memory.layout is ${quote(layout)}: give 'objects' or 'packed'`,
    )
  const settings: MemorySettings = {
    maxEntries: Math.floor(bound(maxEntries, 'maxEntries')),
    maxBytes: bound(maxBytes, 'maxBytes'),
    seed,
    worthOf: createWorth(weighed(weighCost)),
    onEvict,
    onLeave,
  }
  return makers[layout](settings)
}
