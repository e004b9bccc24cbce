import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ModelUpstream, startModelUpstream } from './model-upstream.ts'
import { type GatewayRig, startGateway } from './gateway-rig.ts'

let second: ModelUpstream
let rig: GatewayRig
beforeAll(async () => {
  second = await startModelUpstream()
  rig = await startGateway(({ baseUrl }) => ({
    upstreams: [
      { name: 'first', kind: 'openai', baseUrl, models: ['gpt-*'] },
      { name: 'second', kind: 'openai', baseUrl: second.baseUrl, models: ['gpt-5', 'small-*'] },
    ],
    aliases: { smart: 'gpt-5' },
    fallbacks: { 'gpt-6': ['small-1'] },
    races: { quick: { fast: 'small-1', premium: 'gpt-6' } },
    variety: [{ upTo: 1, answers: 1 }, { answers: 0 }],
  }))
})
beforeEach(() => rig.renew())
afterEach(() => second.renew())
afterAll(async () => {
  await rig.stop()
  await second.close()
})

async function ask(model: string, extra: { readonly temperature?: number } = {}) {
  const { data, response } = await rig.openai.chat.completions
    .create({ model, messages: [{ role: 'user', content: 'Hello' }], ...extra })
    .withResponse()
  return {
    model: data.model,
    text: data.choices[0]?.message.content,
    status: response.headers.get('cache-status') ?? '',
  }
}

const asked = () => [rig.upstream.asked.length, second.asked.length]

describe('upstreams', () => {
  it('are asked in their order, and the next where one is busy, broken or away', async () => {
    rig.upstream.manner.fail = { status: 503 }
    const answer = await ask('gpt-5')
    expect([answer.model, asked()]).toEqual(['gpt-5-0613', [1, 1]])
    // The first is asked again: what is kept is the second one's answer, under its own name.
    rig.upstream.manner.fail = undefined
    rig.upstream.manner.text = 'of the first'
    expect((await ask('gpt-5')).text).toBe('of the first')
    expect((await ask('gpt-5')).status).toContain('hit')
    expect(asked()).toEqual([2, 1])
  })

  it('are not changed for a request that is wrong everywhere', async () => {
    rig.upstream.manner.fail = {
      status: 400,
      body: { error: { message: 'bad', type: 'invalid_request_error' } },
    }
    await expect(ask('gpt-5')).rejects.toMatchObject({ status: 400 })
    expect(asked()).toEqual([1, 0])
  })

  it('keep a fallback’s answer under the model that gave it', async () => {
    rig.upstream.manner.fail = { status: 500 }
    const answer = await ask('gpt-6')
    expect(answer.model).toBe('small-1-0613')
    expect(answer.status).toContain(`key="gateway:model_call:${rig.tenant}:small-1:`)
    expect((await ask('small-1')).status).toContain('hit')
    rig.upstream.manner.fail = undefined
    expect((await ask('gpt-6')).model).toBe('gpt-6-0613')
  })

  it('are found by the name that an alias stands for', async () => {
    await ask('smart')
    expect(rig.upstream.asked[0]?.body['model']).toBe('gpt-5')
    expect((await ask('gpt-5')).status).toContain('hit')
    await expect(ask('unknown')).rejects.toMatchObject({ status: 404 })
  })

  it('are asked each time at a temperature of which nothing is kept', async () => {
    expect((await ask('gpt-5', { temperature: 1.5 })).status).toBe('Reprise; fwd=bypass; detail=temperature')
    await ask('gpt-5', { temperature: 1.5 })
    expect(asked()).toEqual([2, 0])
  })
})

describe('a race', () => {
  it('gives the fast answer first and the premium one from then on', async () => {
    let open!: () => void
    rig.upstream.manner.hold = new Promise((resolve) => (open = resolve))
    second.manner.text = 'fast'
    rig.upstream.manner.text = 'premium'
    expect((await ask('quick')).text).toBe('fast')
    open()
    await expect.poll(async () => (await ask('gpt-6')).status).toContain('hit')
    const next = await ask('quick')
    expect([next.text, next.status.includes('hit')]).toEqual(['premium', true])
    expect(asked()).toEqual([1, 1])
  })

  it('takes the first that is valid, not the first that ends', async () => {
    let open!: () => void
    rig.upstream.manner.hold = new Promise((resolve) => (open = resolve))
    rig.upstream.manner.text = 'premium'
    second.manner.finish = 'length'
    const answer = ask('quick')
    await expect.poll(asked).toEqual([1, 1])
    open()
    expect((await answer).text).toBe('premium')
  })

  it('lets one side fail', async () => {
    second.manner.fail = { status: 500 }
    rig.upstream.manner.text = 'premium'
    expect((await ask('quick')).text).toBe('premium')
    rig.upstream.manner.fail = { status: 400 }
    rig.renew()
    second.renew()
    rig.upstream.manner.fail = {
      status: 400,
      body: { error: { message: 'no', type: 'invalid_request_error' } },
    }
    second.manner.text = 'fast'
    expect((await ask('quick')).text).toBe('fast')
  })
})
