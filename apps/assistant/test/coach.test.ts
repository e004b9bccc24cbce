import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Events, onEvent } from '@reprise/cache'
import { createLogger, loadSettings } from '@reprise/service'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sessionOf } from '../src/coach/timeline.ts'
import { type Assistant, createAssistant } from '../src/wire.ts'

const folders: string[] = []
const open: Assistant[] = []
let shared: Started
beforeAll(async () => void (shared = await start()))
afterAll(async () => {
  await Promise.all(open.map((one) => one.close()))
  for (const folder of folders) rmSync(folder, { recursive: true })
})

interface Started {
  readonly assistant: Assistant
  /** Messages of the log. */
  readonly lines: string[]
  predict(body: object): Promise<{ readonly status: number; readonly results: readonly Result[] }>
}

interface Result {
  readonly resource: string
  readonly strategy: string
  readonly model: string
  readonly cached: boolean
  readonly analysis: {
    readonly screenshot_parse: { readonly bubbles: { readonly sender: string; readonly bbox: number[] }[] }
    readonly conversation_analysis: { readonly current_intimacy_level: number }
    readonly scenario_decision: { readonly strategies: string[] }
  }
}

async function start(config = ''): Promise<Started> {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-coach-'))
  folders.push(folder)
  writeFileSync(join(folder, 'config.yaml'), config)
  const settings = loadSettings({
    env: { PORT: '0', DATA_DIR: folder, REPRISE_ADMIN_PASSWORD: 'a-password-of-mine' },
    cwd: folder,
  })
  const lines: string[] = []
  const destination = { write: (line: string) => void lines.push((JSON.parse(line) as { msg: string }).msg) }
  const assistant = await createAssistant({ settings, logger: createLogger({ level: 'info', destination }) })
  open.push(assistant)
  const address = await assistant.service.listen()
  await assistant.service.ensureAdministrator()
  const authorization = `Bearer ${await assistant.service.issueToken('admin')}`
  return {
    assistant,
    lines,
    async predict(body) {
      const response = await fetch(`${address}/api/v1/coach/predict`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body: JSON.stringify(body),
      })
      const reply = (await response.json()) as { data: { results: readonly Result[] } | null }
      return { status: response.status, results: reply.data?.results ?? [] }
    },
  }
}

/** The end of the next background task. */
const nextEnd = (): Promise<Events['background-ended']> =>
  new Promise((resolve) => {
    const stop = onEvent('background-ended', (event) => {
      stop()
      resolve(event)
    })
  })

const shot = (resource: string, count = 3) => ({
  resource,
  size: { width: 1000, height: 2000 },
  bubbles: Array.from({ length: count }, (_, index) => ({
    text: index === count - 1 ? '周末一起吃饭吗？' : `你好呀 ${index}`,
    column: index % 2 === 0 ? 'left' : 'right',
    // From bottom to top, corners swapped, one box beyond the picture.
    bbox: [350, 1900 - index * 100, 100, 1960 - index * 100 + (index === 0 ? 500 : 0)],
  })),
})
const request = { user_id: 'u1', session_id: 'session-1', screenshots: [shot('a.png'), shot('b.png')] }

test('the fast answer at once, the premium one when asked again, for every screenshot of the request', async () => {
  const { predict, lines } = shared
  const ended = nextEnd()
  const first = await predict(request)
  expect(
    first.results.map(({ resource, strategy, model, cached }) => [resource, strategy, model, cached]),
  ).toEqual([
    ['a.png', 'multimodal', 'embedded-quick', false],
    ['b.png', 'multimodal', 'embedded-quick', false],
  ])
  const [{ analysis }] = first.results as [Result]
  const { screenshot_parse: parsed, scenario_decision: decision } = analysis
  expect(parsed.bubbles.map(({ bbox }) => bbox)).toEqual([
    [0.1, 0.85, 0.35, 0.88],
    [0.1, 0.9, 0.35, 0.93],
    [0.1, 0.95, 0.35, 1],
  ])
  expect(parsed.bubbles.map(({ sender }) => sender)).toEqual(['talker', 'user', 'talker'])
  expect(decision.strategies).toHaveLength(3)

  expect(await ended).toMatchObject({ task: 'premium_cache_session-', outcome: 'finished' })
  const again = await predict(request)
  expect(again.results.map(({ strategy, model, cached }) => [strategy, model, cached])).toEqual([
    ['premium', 'embedded-full', true],
    ['premium', 'embedded-full', true],
  ])
  expect(again.results[0]?.analysis.scenario_decision.strategies).toHaveLength(3)
  expect(again.results[0]?.analysis).not.toEqual(first.results[0]?.analysis)

  expect(lines).toContain('[session-1] merge_step [multimodal|embedded-quick] Conversation: 3 messages')
  expect(lines).toContain('[session-1] merge_step [CACHED|premium|embedded-full] Conversation: 3 messages')
  expect(lines).toContain(
    "[session-1] merge_step [premium|embedded-full] Participants: User='user', Target='talker'",
  )
  expect(lines).toContain('[session-1]   [1] talker(left) OK bbox=[0.1,0.85,0.35,0.88]: 周末一起吃饭吗？')
  const told = (beginning: string): number => lines.filter((line) => line.startsWith(beginning)).length
  const { site, name } = sessionOf(shared.assistant.timelines, { ...request, scene: 1 })
  const events = await site.getTimeline({ ...name, category: 'scene_analysis' })
  expect(events.map(({ resource, strategy }) => `${resource} ${strategy}`)).toEqual([
    'a.png multimodal',
    'b.png multimodal',
    'a.png premium',
    'b.png premium',
  ])
  expect(told('[UPGRADED|premium|embedded-full] intent_system:coach:u1:session-1:1:')).toBe(2)
  expect(told('[CACHED|premium|embedded-full] intent_system:coach:')).toBeGreaterThanOrEqual(2)
  expect(told('[MISS|multimodal|embedded-quick] intent_system:coach:')).toBe(2)
})

test('another content under the same name, another scene and another user are other entries', async () => {
  const { predict } = shared
  await predict(request)
  for (const other of [
    { ...request, scene: 3 },
    { ...request, user_id: 'u2' },
    { ...request, screenshots: [shot('a.png', 4)] },
    { ...request, force_regenerate: true },
  ])
    expect((await predict(other)).results[0]?.cached).toBe(false)
})

test('llm.premium_cache_timeout of config.yaml ends a premium analysis that takes longer', async () => {
  const { predict, lines } = await start('llm:\n  premium_cache_timeout: 50ms\n')
  const ended = nextEnd()
  await predict(request)
  expect(await ended).toMatchObject({ outcome: 'timed-out' })
  expect(lines).toContain('background: premium_cache_session- took longer than 50 ms')
  expect((await predict(request)).results[0]).toMatchObject({ strategy: 'multimodal', cached: true })
})

test('an orderly end waits for a premium analysis, and says so', async () => {
  const { assistant, predict, lines } = await start()
  await predict({ ...request, screenshots: [shot('a.png', 8)] })
  expect(assistant.background.count).toBe(1)
  await assistant.close()
  expect(lines).toContain('background work: 1 finished, 0 cancelled, 0 lost')
  expect(lines.filter((line) => line.startsWith('[UPGRADED|'))).toHaveLength(1)
})

test.each([
  ['no screenshots', { ...request, screenshots: [] }],
  [
    'a box of three',
    {
      ...request,
      screenshots: [{ ...shot('a.png'), bubbles: [{ text: 'x', column: 'left', bbox: [1, 2, 3] }] }],
    },
  ],
  [
    'an image from elsewhere',
    { ...request, screenshots: [{ ...shot('a.png'), image: 'https://example.com/a.png' }] },
  ],
  ['an unknown scene', { ...request, scene: 9 }],
])('%s is refused', async (_, body) => {
  expect((await shared.predict(body)).status).toBe(422)
})
