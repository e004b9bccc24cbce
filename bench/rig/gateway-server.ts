/**
 * The gateway before a stand-in upstream, warmed with one answer, and beside it bare Fastify routes that reply with the
 * very bytes that the gateway sends for it, in one process: alone, and after the same check of the token.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createLedger, embeddingSpace, modelCallSpace, somePrices } from '@reprise/ai'
import { createCache, defineCatalog } from '@reprise/cache'
import { openDatabase } from '@reprise/database'
import { createLogger, createService, loadSettings, serviceUserSpace } from '@reprise/service'
import Fastify from 'fastify'
import { serve } from './child.ts'
import { processor } from './processor.ts'

const sentence = 'Recognise what the caller wants, name the intent, and answer in one short paragraph. '

/** What is asked: instructions, a conversation and a tool, 3 KB of it. */
const request = {
  model: 'gpt-5',
  temperature: 0.2,
  messages: [
    { role: 'system', content: sentence.repeat(15) },
    { role: 'user', content: 'Compare the revenue of the two shops in the last quarter. '.repeat(4) },
    { role: 'assistant', content: 'Which two shops do you mean? '.repeat(4) },
    { role: 'user', content: 'The one in Hangzhou and the one in Suzhou.' },
  ],
  tools: [
    {
      type: 'function',
      function: {
        name: 'revenue',
        description: sentence,
        parameters: {
          type: 'object',
          properties: { shop: { type: 'string' }, quarter: { type: 'string' } },
          required: ['shop'],
        },
      },
    },
  ],
}

const completion = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1_760_000_000,
  model: 'gpt-5',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: sentence.repeat(20), refusal: null },
      logprobs: null,
      finish_reason: 'stop',
    },
  ],
  usage: { prompt_tokens: 620, completion_tokens: 340, total_tokens: 960 },
}

const portOf = (server: { address(): unknown }): number => (server.address() as AddressInfo).port

async function startUpstream(): Promise<number> {
  const upstream = createServer((asked, reply) => {
    asked.resume()
    reply.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(completion))
  })
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve))
  return portOf(upstream)
}

/** Starts both; the answer is kept, and asked for once in each form. */
async function start() {
  const dataDir = mkdtempSync(join(tmpdir(), 'reprise-bench-'))
  process.once('exit', () => rmSync(dataDir, { recursive: true, force: true }))
  const env = {
    DATA_DIR: dataDir,
    PORT: '0',
    JWT_SECRET: 'a secret of a benchmark, of more than 32 characters',
    LOG_LEVEL: 'silent',
    RATE_LIMIT: '0',
  }
  const cache = await createCache({
    catalog: defineCatalog({
      prefix: 'bench',
      spaces: [modelCallSpace({ ttl: '1h' }), embeddingSpace({ ttl: '1h' }), serviceUserSpace],
    }),
  })
  const service = await createService({
    cache,
    database: await openDatabase({ dataDir: join(dataDir, 'database') }),
    settings: loadSettings({ env, cwd: dataDir }),
    logger: createLogger({ level: 'silent' }),
    ledger: createLedger({ prices: somePrices() }),
    gateway: {
      upstreams: [
        { name: 'openai', kind: 'openai', baseUrl: `http://127.0.0.1:${await startUpstream()}/v1` },
      ],
    },
  })
  await service.users.ensure('the-operator', 'operator')
  const token = await service.issueToken('the-operator')
  const address = await service.listen()

  const bodies = { whole: JSON.stringify(request), streamed: JSON.stringify({ ...request, stream: true }) }
  const ask = async (body: string): Promise<{ status: string | null; type: string; text: string }> => {
    const reply = await fetch(`${address}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body,
    })
    const { headers } = reply
    return {
      status: headers.get('cache-status'),
      type: headers.get('content-type') ?? '',
      text: await reply.text(),
    }
  }
  await ask(bodies.whole)

  const bare = Fastify({ logger: false })
  for (const [name, body] of Object.entries(bodies)) {
    const { status, type, text } = await ask(body)
    if (status?.includes('; hit;') !== true) throw new Error(`${name}: ${status} is no hit: ${text}`)
    bare.post(`/${name}`, (_, reply) => reply.type(type).send(text))
    bare.post(`/${name}/checked`, {
      onRequest: async ({ headers }) => void (await service.app.authenticate(headers.authorization)),
      handler: (_, reply) => reply.type(type).send(text),
    })
  }
  await bare.listen({ port: 0 })
  return { token, bodies, service: Number(new URL(address).port), bare: portOf(bare.server) }
}

const services = { start, processor }
export type GatewayServer = typeof services

serve(services)
