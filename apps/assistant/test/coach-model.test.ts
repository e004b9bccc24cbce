import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createModelAnalyser } from '../src/coach/model.ts'

/** What the model says, and what it was asked. */
let says = ''
const asked: { messages: { role: string; content: unknown }[] }[] = []
const server = createServer((request, response) => {
  let text = ''
  request.on('data', (chunk: Buffer) => (text += chunk.toString()))
  request.on('end', () => {
    asked.push(JSON.parse(text) as (typeof asked)[number])
    const message = { role: 'assistant', content: says }
    response.setHeader('content-type', 'application/json').end(
      JSON.stringify({
        id: '1',
        object: 'chat.completion',
        created: 1_795_000_000,
        model: 'test-model',
        choices: [{ index: 0, message, finish_reason: 'stop' }],
        usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
      }),
    )
  })
})
let baseUrl = ''

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const conversation = {
  participants: { user: 'Zhang', target: '徐康' },
  screenshot: {
    resource: 'a.png',
    size: { width: 100, height: 100 },
    bubbles: [
      {
        text: '真的假的',
        column: 'left' as const,
        bbox: [10, 20, 60, 30] as [number, number, number, number],
      },
    ],
    image: 'data:image/png;base64,iVBORw0KGgo=',
  },
}
const analysis = { conversation_summary: 'one message', emotion_state: 'neutral', current_intimacy_level: 35 }
const decision = {
  relationship_state: 'warming',
  recommended_scenario: 'BALANCED',
  strategies: ['ask who told it'],
}

test('asks with bubbles and picture, and makes it exactly three strategies', async () => {
  says = JSON.stringify({ conversation_analysis: analysis, scenario_decision: decision })
  const analyser = createModelAnalyser({ baseUrl, apiKey: 'sk-test', model: 'test-model' })
  const found = await analyser.analyse(conversation, new AbortController().signal)
  expect(found.conversation_analysis).toEqual(analysis)
  expect(found.scenario_decision.strategies).toEqual([
    'ask who told it',
    'pick up a detail',
    'suggest a common plan',
  ])
  const content = JSON.stringify(asked.at(-1)?.messages.find(({ role }) => role === 'user')?.content)
  expect(content).toContain('真的假的')
  expect(content).toContain('data:image/png;base64,iVBORw0KGgo=')
})

test('what is no analysis fails: the race keeps the fast one', async () => {
  says = JSON.stringify({ conversation_analysis: { ...analysis, current_intimacy_level: 900 } })
  const analyser = createModelAnalyser({ baseUrl, model: 'test-model' })
  await expect(analyser.analyse(conversation, new AbortController().signal)).rejects.toThrow(/object|schema/i)
})
