import { createFakeClock } from '@reprise/cache/testing'
import { openDatabase } from '@reprise/database'
import * as fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { openTimelines } from '../src/index.ts'
import { stories, storyLimits, tell } from './timeline-story.ts'

const database = await openDatabase()
afterAll(() => database.close())

test('any story of two processes goes as in plain memory', async () => {
  const clock = createFakeClock()
  const open = () => openTimelines({ database, clock, ...storyLimits, sweepEvery: Infinity })
  const processes = [await open(), await open()] as const
  let told = 0
  await fc.assert(
    fc.asyncProperty(stories, async (story) => {
      await database.query('delete from timeline_sessions')
      await tell(story, { processes, clock, lose: async () => {} })
      told += story.length
    }),
    { numRuns: 40 },
  )
  expect(told).toBeGreaterThan(200)
})
