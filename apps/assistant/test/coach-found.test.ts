import { type Background, createBackground, createCache } from '@reprise/cache'
import { openDatabase } from '@reprise/database'
import { type Timelines, openTimelines } from '@reprise/results'
import { createLogger } from '@reprise/service'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createQuickAnalyser } from '../src/coach/embedded.ts'
import type { Analyser, PredictRequest, Screenshot } from '../src/coach/merge-step.ts'
import { type Coach, createCoach } from '../src/coach/predict.ts'
import { assistantCatalog } from '../src/coach/space.ts'
import { coachCategories, sessionOf } from '../src/coach/timeline.ts'

const shot: Screenshot = {
  resource: 'a.png',
  size: { width: 100, height: 100 },
  bubbles: [{ text: '你好', column: 'left', bbox: [0, 0, 10, 10] }],
}
const request: PredictRequest = {
  user_id: 'u1',
  session_id: 'session-1',
  scene: 1,
  force_regenerate: false,
  screenshots: [shot],
}

/** An analyser that says its own name, some turns of the promise queue after it was asked. */
const saying = (model: string, turns: number): Analyser => ({
  model,
  async analyse(conversation, signal) {
    const findings = await createQuickAnalyser().analyse(conversation, signal)
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve()
    return {
      ...findings,
      conversation_analysis: { ...findings.conversation_analysis, conversation_summary: model },
    }
  },
})

test('R31 an analysis is never told under the name of another, whenever the better one comes', async () => {
  const told = new Set<string>()
  for (let turns = 0; turns < 120; turns += 1) {
    const cache = await createCache({ catalog: assistantCatalog })
    const coach = createCoach({
      cache,
      multimodal: saying('quick', 0),
      premium: saying('full', turns),
      premiumTimeout: 1_000,
      logger: createLogger({ level: 'fatal', destination: { write: () => undefined } }),
    })
    const { signal } = new AbortController()
    const both = await Promise.all([coach.predict(request, signal), coach.predict(request, signal)])
    for (const { analysis, meta } of [...both, await coach.predict(request, signal)].flat())
      told.add(`${meta.model} is ${analysis.conversation_analysis.conversation_summary}`)
    await cache.close()
  }
  expect(told).toEqual(new Set(['quick is quick', 'full is full']))
})

describe('the timeline of a session', () => {
  const lines: string[] = []
  const logger = createLogger({
    level: 'warn',
    destination: { write: (line: string) => void lines.push(line) },
  })
  const database = openDatabase()
  let timelines: Timelines
  let background: Background
  let coach: Coach
  beforeAll(async () => {
    timelines = await openTimelines({ database: await database, sweepEvery: Infinity })
    background = createBackground()
    const cache = await createCache({ catalog: assistantCatalog, background })
    const [multimodal, premium] = [saying('quick', 0), saying('full', 300)]
    coach = createCoach({ cache, multimodal, premium, premiumTimeout: 5_000, logger, timelines: dawdling })
  })
  afterAll(async () => {
    await timelines.close()
    await (await database).close()
  })
  /** Timelines on whose way fast analyses are overtaken by whoever does not wait for them. */
  const dawdling: Pick<Timelines, 'forSite'> = {
    forSite(name) {
      const site = timelines.forSite(name)
      return {
        ...site,
        async appendEvents(session, events) {
          const turns = events[0]?.strategy === 'multimodal' ? 100 : 0
          for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve))
          return site.appendEvents(session, events)
        },
      }
    },
  }
  const { signal } = new AbortController()
  const two = { ...request, screenshots: ['a.png', 'b.png'].map((resource) => ({ ...shot, resource })) }
  /** Models and strategies of a category's events, the oldest first. */
  const story = async (asked: PredictRequest, category = 'context_analysis'): Promise<string[]> => {
    const { site, name } = sessionOf(timelines, asked)
    const events = await site.getTimeline({ ...name, category })
    return events.map(({ resource, strategy, model }) => `${resource} ${strategy} ${model}`)
  }

  test('has every screenshot in every category, the fast analyses and then the premium ones (row E3)', async () => {
    await coach.predict(two, signal)
    await expect.poll(() => background.count).toBe(0)
    for (const category of coachCategories) {
      expect(await story(two, category)).toEqual([
        'a.png multimodal quick',
        'b.png multimodal quick',
        'a.png premium full',
        'b.png premium full',
      ])
    }
    const { site, name } = sessionOf(timelines, two)
    const latest = await site.latestOfEach({ ...name, resource: 'b.png', categories: coachCategories })
    expect(latest.context_analysis?.payload).toMatchObject({ conversation_summary: 'full' })
    expect(latest.scene_analysis?.payload).toHaveProperty('recommended_scenario')
    expect(latest.screenshot_parse?.payload).toHaveProperty('bubbles')
  })

  test('gets nothing from what was kept already, and no fast analysis over a premium one', async () => {
    await coach.predict(two, signal)
    expect(await story(two)).toHaveLength(4)
    const again = await coach.predict({ ...two, force_regenerate: true }, signal)
    expect(again.map(({ meta }) => meta.strategy)).toEqual(['multimodal', 'multimodal'])
    await expect.poll(() => background.count).toBe(0)
    expect((await story(two)).slice(4)).toEqual(['a.png premium full', 'b.png premium full'])
  })

  test('is of one user and one scene, whatever they are called', async () => {
    const long = { ...two, user_id: '用'.repeat(100), session_id: '会'.repeat(100) }
    await coach.predict(long, signal)
    await expect.poll(() => background.count).toBe(0)
    expect(await story(long)).toHaveLength(4)
    for (const other of [
      { ...two, user_id: 'u2' },
      { ...two, scene: 2 as const },
    ])
      expect(await story(other)).toEqual([])
  })

  test('may fail, and the answer is given all the same', async () => {
    await timelines.close()
    expect(lines).toEqual([])
    const [answer] = await coach.predict({ ...two, user_id: 'u3' }, signal)
    expect(answer).toMatchObject({ cached: false, meta: { strategy: 'multimodal' } })
    await expect.poll(() => background.count).toBe(0)
    expect(lines.join()).toContain('analyses are not in the timeline of their session')
  })
})
