import Anthropic, { AuthenticationError } from '@anthropic-ai/sdk'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type GatewayRig, startGateway } from './gateway-rig.ts'

let rig: GatewayRig
beforeAll(async () => {
  rig = await startGateway()
})
beforeEach(() => rig.renew())
afterAll(() => rig.stop())

const base = { model: 'claude-x', max_tokens: 100, messages: [{ role: 'user' as const, content: 'Hello' }] }

async function ask(extra: Partial<Anthropic.MessageCreateParamsNonStreaming> = {}, headers = {}) {
  const { data, response } = await rig.anthropic.messages
    .create({ ...base, ...extra }, { headers })
    .withResponse()
  return { data, status: response.headers.get('cache-status') }
}

describe('messages with the official client', () => {
  it('keeps a message, and answers streams and whole answers from each other', async () => {
    rig.upstream.manner.text = 'one two three'
    const stream = rig.anthropic.messages.stream(base)
    const deltas: string[] = []
    stream.on('text', (delta) => deltas.push(delta))
    const streamed = await stream.finalMessage()
    expect(deltas).toEqual(['one ', 'two ', 'three'])
    expect(streamed.usage.output_tokens).toBe(7)
    const whole = await ask()
    expect(whole.status).toContain('hit')
    expect(whole.data).toMatchObject({
      id: 'msg_1',
      content: [{ type: 'text', text: 'one two three' }],
      stop_reason: 'end_turn',
    })
    expect(whole.data.usage).toMatchObject({ input_tokens: 0, output_tokens: 0 })
    const replayed = await rig.anthropic.messages.stream(base).finalMessage()
    expect(replayed.content).toEqual(whole.data.content)
    expect(replayed.usage.output_tokens).toBe(0)
    expect(rig.upstream.asked).toHaveLength(1)
    expect(rig.upstream.asked[0]?.headers['x-api-key']).toBe('upstream-secret')
  })

  it('keeps thinking with its signature, and tool calls put together from their pieces', async () => {
    rig.upstream.manner.finish = 'tool'
    const extra = {
      thinking: { type: 'enabled' as const, budget_tokens: 1024 },
      tools: [{ name: 'weather', input_schema: { type: 'object' as const, required: ['city'] } }],
    }
    const streamed = await rig.anthropic.messages.stream({ ...base, ...extra }).finalMessage()
    const { data, status } = await ask(extra)
    expect(status).toContain('hit')
    expect(data.content).toEqual([
      { type: 'thinking', thinking: 'hm', signature: 'sig' },
      { type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: '上海' } },
    ])
    expect(data.content).toEqual(streamed.content)
    const replayed = await rig.anthropic.messages.stream({ ...base, ...extra }).finalMessage()
    expect(replayed.content).toEqual(streamed.content)
  })

  it('leaves out hints of prompt caching, and takes in versions and betas', async () => {
    await ask({ system: 'Be brief' })
    const hinted = await ask({
      system: [{ type: 'text', text: 'Be brief', cache_control: { type: 'ephemeral' } }],
    })
    expect(hinted.status).toContain('hit')
    const beta = await ask({ system: 'Be brief' }, { 'anthropic-beta': 'context-1m-2025-08-07' })
    expect(beta.status).toContain('fwd=uri-miss')
    expect(rig.upstream.asked[1]?.headers['anthropic-beta']).toBe('context-1m-2025-08-07')
  })

  it('keeps no cut message and tells errors in the form of Anthropic', async () => {
    rig.upstream.manner.finish = 'length'
    expect((await ask()).data.stop_reason).toBe('max_tokens')
    expect((await ask()).status).toContain('fwd=uri-miss')
    rig.upstream.manner.fail = {
      status: 529,
      body: { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
    }
    await expect(ask({ stop_sequences: ['.'] })).rejects.toMatchObject({
      status: 529,
      error: { error: { type: 'overloaded_error' } },
    })
    const nobody = new Anthropic({ apiKey: 'none', baseURL: rig.anthropic.baseURL, maxRetries: 0 })
    await expect(nobody.messages.create(base)).rejects.toBeInstanceOf(AuthenticationError)
  })

  it('tells in the stream that it broke', async () => {
    rig.upstream.manner.text = 'one two three'
    rig.upstream.manner.breakAfter = 5
    await expect(rig.anthropic.messages.stream(base).finalMessage()).rejects.toThrow(/broke off/)
  })
})
