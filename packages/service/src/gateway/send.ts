import { Readable } from 'node:stream'
import type { Answer } from '@reprise/ai'
import type { FastifyReply } from 'fastify'
import type { GatewayCall } from './call.ts'
import type { Json } from './json.ts'
import type { SseEvent } from './protocol.ts'
import { refusalFrom } from './refusals.ts'
import { UpstreamError } from './upstream.ts'

/** Sends a whole answer; one that was not paid for now says that it cost nothing. @throws UpstreamError for a stream that had no end */
export function sendWhole(
  { protocol }: GatewayCall,
  { answer, paid, reply }: { readonly answer: Answer; readonly paid: boolean; readonly reply: FastifyReply },
): FastifyReply {
  if (answer.from === 'stream')
    throw new UpstreamError('The answer broke off before its end', { status: 502 })
  const whole = answer.body as Json
  if (!paid) tellAvoided(reply, protocol.usageOf(whole))
  return reply
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(paid ? whole : protocol.withoutUsage(whole)))
}

function tellAvoided(reply: FastifyReply, usage: { readonly input: number; readonly output: number }): void {
  void reply.header('x-reprise-avoided-tokens', `input=${usage.input}, output=${usage.output}`)
}

/** Sends a stream as it comes; what goes wrong amid it is told in it. */
export function sendEvents(
  call: GatewayCall,
  {
    events,
    paid,
    reply,
  }: { readonly events: AsyncIterable<SseEvent>; readonly paid: boolean; readonly reply: FastifyReply },
): FastifyReply {
  const { protocol, body } = call

  async function* text(): AsyncGenerator<string> {
    try {
      for await (const event of events) {
        const delivered = protocol.deliver(event, { body, paid })
        if (delivered !== undefined) yield textOf(delivered)
      }
    } catch (error) {
      yield textOf(protocol.errorEvent(refusalFrom(protocol, error).body))
      return
    }
    if (protocol.end !== undefined) yield textOf(protocol.end)
  }

  return reply
    .type('text/event-stream; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('x-accel-buffering', 'no')
    .send(Readable.from(text()))
}

function textOf({ event, data }: SseEvent): string {
  const lines = data.split('\n').map((line) => `data: ${line}\n`)
  return `${event === undefined ? '' : `event: ${event}\n`}${lines.join('')}\n`
}
