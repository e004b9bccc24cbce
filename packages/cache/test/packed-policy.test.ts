import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createMemoryOf } from '../src/memory/layout.ts'
import { createWorth } from '../src/memory/worth.ts'
import { remembered } from './memory-records.ts'
import { packed } from './packed-rig.ts'

const operation = fc.record({
  kind: fc.constantFrom('ask', 'ask', 'ask', 'ask', 'write', 'remove'),
  key: fc.oneof(fc.nat(40), fc.nat(400)),
  cost: fc.integer({ min: 1, max: 64 }),
})

describe('the policy over slots', () => {
  test.each([3, 16, 60])('evicts what the one over objects does, with room for %i entries', (maxEntries) => {
    fc.assert(
      fc.property(fc.array(operation, { minLength: 200, maxLength: 1_500 }), (sequence) => {
        const gone: [string[], string[]] = [[], []]
        const memories = [
          createMemoryOf({ maxEntries, weighCost: 'loadTime' }, ({ key }) => gone[0].push(key)),
          packed({ maxEntries, worthOf: createWorth('loadTime'), onEvict: ({ key }) => gone[1].push(key) }),
        ]
        for (const { kind, key: number, cost } of sequence) {
          const key = `k${number}`
          for (const memory of memories) {
            if (kind === 'remove') memory.remove(key)
            else if (kind === 'write' || memory.read(key) === undefined)
              memory.write(remembered(key, { loadTime: cost }))
          }
        }
        expect(gone[1]).toEqual(gone[0])
      }),
      { numRuns: 60 },
    )
  })
})
