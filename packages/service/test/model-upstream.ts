import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Asked, Json, Manner } from './model-manner.ts'
import { chat, embeddings, message, responses } from './model-answers.ts'

/** A provider that speaks as OpenAI and Anthropic do, counts what it is asked, and answers as it is told to. */
export interface ModelUpstream {
  readonly baseUrl: string
  /** What it was asked: path, headers and body. */
  readonly asked: {
    readonly path: string
    readonly headers: IncomingMessage['headers']
    readonly body: Json
  }[]
  readonly manner: Manner
  /** How many clients went away before their answer. */
  aborted(): number
  /** Forgets what it was asked and told. */
  renew(): void
  close(): Promise<void>
}

/** Starts one on a free port of this machine. */
export async function startModelUpstream(): Promise<ModelUpstream> {
  const asked: ModelUpstream['asked'] = []
  const manner: Manner = {}
  let aborted = 0
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Json
      asked.push({ path: request.url ?? '', headers: request.headers, body })
      response.once('close', () => {
        if (!response.writableFinished) aborted += 1
      })
      await reply({ path: request.url ?? '', body, manner, number: asked.length }, response)
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked,
    manner,
    aborted: () => aborted,
    renew() {
      asked.length = 0
      aborted = 0
      Object.assign(manner, {
        fail: undefined,
        breakAfter: undefined,
        finish: undefined,
        text: undefined,
        hold: undefined,
      })
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

async function reply(asked: Asked, response: ServerResponse): Promise<void> {
  const { path, body, manner } = asked
  if (manner.fail !== undefined) {
    const {
      status,
      retryAfter,
      body: told = { error: { message: 'the model is busy', type: 'server_error' } },
    } = manner.fail
    const headers = retryAfter === undefined ? {} : { 'retry-after': retryAfter }
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(told))
    return
  }
  const made =
    path === '/v1/chat/completions'
      ? chat(asked)
      : path === '/v1/messages'
        ? message(asked)
        : path === '/v1/responses'
          ? responses(asked)
          : embeddings(asked)
  if (body['stream'] !== true) {
    await manner.hold
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(made.whole))
    return
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const [index, event] of made.events.entries()) {
    if (index === manner.breakAfter) {
      response.destroy()
      return
    }
    // What was written has left before the connection ends.
    await new Promise((resolve) => response.write(event, resolve))
    if (index === 0) await manner.hold
  }
  response.end()
}
