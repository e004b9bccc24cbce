import { randomUUID } from 'node:crypto'
import { openDatabase } from '@reprise/database'
import { createLogger } from '@reprise/service'
import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { appendAnalyses, openCoachTimelines, sessionOf } from '../src/coach/timeline.ts'

const redisUrl = process.env['REPRISE_TEST_REDIS_URL'] ?? ''

test('with Redis configured a timeline is answered from there, and its connection ends with it', async () => {
  const lines: string[] = []
  const logger = createLogger({
    level: 'warn',
    destination: { write: (line: string) => void lines.push(line) },
  })
  const database = await openDatabase()
  const probe = new Redis(redisUrl)
  const name = `test-${randomUUID()}`
  const clients = async (): Promise<number> =>
    String(await probe.client('LIST')).split(`name=${name}`).length - 1
  const address = new URL(redisUrl)
  address.searchParams.set('connectionName', name)
  const timelines = await openCoachTimelines({ database, redisUrl: address.href, logger })
  const request = {
    user_id: name,
    session_id: 's',
    scene: 1,
    force_regenerate: false,
    screenshots: [],
  } as const
  const analysis = {
    screenshot_parse: {
      participants: { user: 'u', target: 't' },
      layout: { left: 'user', right: 'talker' },
      bubbles: [],
    },
    conversation_analysis: { conversation_summary: 'x', emotion_state: 'neutral', current_intimacy_level: 1 },
    scenario_decision: {
      relationship_state: 'steady',
      recommended_scenario: 'SAFE',
      strategies: ['a', 'b', 'c'],
    },
  } as never
  await expect.poll(clients).toBe(1)
  const meta = { model: 'm', strategy: 'premium' }
  await appendAnalyses(
    timelines,
    { ...request, screenshots: [] },
    { analysed: [{ resource: 'a.png', analysis }], meta },
  )
  await expect.poll(() => probe.exists(`intent_system:timeline:${name}:s:1`)).toBe(1)

  const { site, name: session } = sessionOf(timelines, request)
  expect(await site.latest({ ...session, category: 'scene_analysis' })).toMatchObject(meta)
  await probe.del(`intent_system:timeline:${name}:s:1`)
  expect(await site.latest({ ...session, category: 'scene_analysis' })).toMatchObject(meta)
  await site.clearSession(session)
  await timelines.close()
  await expect.poll(clients).toBe(0)
  expect(lines).toEqual([])
  probe.disconnect()
  await database.close()
})
