import { vector } from '@electric-sql/pglite-pgvector'
import { type Database, openDatabase } from '@reprise/database'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { GatewayOptions } from '../src/gateway/gateway-options.ts'
import { type ModelUpstream, startModelUpstream } from './model-upstream.ts'
import { type GatewayRig, startGateway } from './gateway-rig.ts'

let second: ModelUpstream
let helper: ModelUpstream
let database: Database
let rig: GatewayRig
beforeAll(async () => {
  second = await startModelUpstream()
  helper = await startModelUpstream()
  database = await openDatabase({ extensions: { vector } })
  const gateway = ({ baseUrl }: ModelUpstream): GatewayOptions => ({
    upstreams: [
      { name: 'first', kind: 'openai', baseUrl, models: ['gpt-*'] },
      { name: 'second', kind: 'openai', baseUrl: second.baseUrl, models: ['gpt-5', 'small-*'] },
      { name: 'helper', kind: 'openai', baseUrl: helper.baseUrl, models: ['embed-1', 'judge-1'] },
    ],
    aliases: { smart: 'gpt-5' },
    fallbacks: { 'gpt-6': ['small-1'] },
    races: { quick: { fast: 'small-1', premium: 'gpt-6' } },
    variety: [{ upTo: 1, answers: 1 }, { answers: 0 }],
    semantic: { accept: 0.99, verify: 0.85, embeddingModel: 'embed-1', verifierModel: 'judge-1' },
  })
  rig = await startGateway(gateway, { database })
})
beforeEach(() => rig.renew())
afterEach(() => {
  second.renew()
  helper.renew()
})
afterAll(async () => {
  await rig.stop()
  await database.close()
  await second.close()
  await helper.close()
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
    await expect.poll(async () => (await ask('gpt-6')).status, { timeout: 20_000 }).toContain('hit')
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
    await expect.poll(asked, { timeout: 20_000 }).toEqual([1, 1])
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

describe('a like question', () => {
  // The stand-in's vectors point nearly the same way for texts of more than a few letters.
  const say = async (content: string, headers = {}) => {
    const { data, response } = await rig.openai.chat.completions
      .create({ model: 'gpt-5', messages: [{ role: 'user', content }] }, { headers })
      .withResponse()
    return {
      text: data.choices[0]?.message.content,
      usage: data.usage?.total_tokens,
      headers: response.headers,
    }
  }
  const learned = async () => {
    const { rows } = await database
      .query('select 1 from reprise_questions where tenant = $1', [rig.tenant])
      .catch(() => ({ rows: [] }))
    return rows.length
  }

  it('is given the answer that is kept, which the headers and the ledger tell', async () => {
    await say('Where do I return my order?')
    await expect.poll(learned, { timeout: 20_000 }).toBe(1)
    const like = await say('Where can I return my order?')
    expect([like.text, like.usage]).toEqual(['answer 1', 0])
    expect(like.headers.get('cache-status')).toMatch(
      /^Reprise; hit; key=".*"; detail=similar-0\.99\d\d|1\.0000$/,
    )
    expect(decodeURIComponent(like.headers.get('x-reprise-similar-question') ?? '')).toBe(
      'Where do I return my order?',
    )
    expect(asked()).toEqual([1, 0])
    const rows = rig.ledger.snapshot().rows.filter(({ tenant }) => tenant === rig.tenant)
    expect(rows.map(({ kind, space, model, calls }) => [kind, space, model, calls])).toEqual([
      ['spent', 'semantic', 'embed-1', 2],
      ['spent', 'model_call', 'gpt-5', 1],
      ['similar', 'model_call', 'gpt-5', 1],
    ])
  })

  it('is decided by the verifier model in its band, and asked anew by who wants that', async () => {
    await say('Where do I return my order, which is broken?')
    await expect.poll(learned, { timeout: 20_000 }).toBe(1)
    helper.manner.text = 'no'
    expect((await say('W')).text).toBe('answer 2')
    helper.manner.text = 'Yes'
    expect((await say('Vv')).headers.get('cache-status')).toContain('detail=similar-')
    expect(helper.asked.filter(({ body }) => body['model'] === 'judge-1')).toHaveLength(2)
    expect((await say('Where do I return my order?', { 'x-reprise-semantic': 'off' })).text).toBe('answer 3')
    expect((await say('Where do I return an order?', { 'cache-control': 'no-cache' })).text).toBe('answer 4')
    await expect(say('Where?', { 'x-reprise-semantic': 'maybe' })).rejects.toMatchObject({ status: 400 })
  })

  it('costs nothing but the hit when the embedding model is away', async () => {
    helper.manner.fail = { status: 500 }
    expect((await say('Where do I return my order?')).text).toBe('answer 1')
    expect((await say('Where can I return my order?')).text).toBe('answer 2')
  })
})
