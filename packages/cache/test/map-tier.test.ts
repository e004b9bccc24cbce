import { type InvalidationLog, memoryLog } from '@reprise/cache'
import { createFakeClock, logConformance, mapTier, tierConformance } from '@reprise/cache/testing'
import { describe, test } from 'vitest'

describe('mapTier', () => {
  const cases = tierConformance(async () => {
    const clock = createFakeClock()
    return { tier: mapTier({ clock }), clock, close: async () => {} }
  })
  for (const { name, run } of cases) test(name, run)
})

describe('memoryLog', () => {
  const cases = logConformance(async () => {
    const logs = new Map<string, InvalidationLog>()
    return {
      log(catalog) {
        const log = logs.get(catalog) ?? memoryLog()
        logs.set(catalog, log)
        return log
      },
      close: async () => {},
    }
  })
  for (const { name, run } of cases) test(name, run)
})
