import { test } from 'vitest'
import { runSchedule } from './schedule.ts'

// A seed reproduces a failure: call runSchedule with it alone.
const seeds = Array.from({ length: 100 }, (_, index) => index + 1)

for (const loaderTags of [false, true]) {
  for (const tiers of [0, 1, 2]) {
    for (const maxEntries of [1, 100]) {
      const what = loaderTags ? 'tags that only loaders know' : 'tags that all know'
      test(`random schedules: ${tiers} tiers, memory of ${maxEntries}, ${what}`, async () => {
        for (const seed of seeds) await runSchedule(seed, { sets: false, loaderTags, tiers, maxEntries })
      })
    }
  }
}

test.each([0, 1, 2])('random schedules: %i tiers below a packed memory', async (tiers) => {
  for (const seed of seeds)
    await runSchedule(seed, {
      sets: false,
      loaderTags: seed % 2 === 0,
      tiers,
      maxEntries: 100,
      layout: 'packed',
    })
})
