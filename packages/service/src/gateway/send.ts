import { Readable } from 'node:stream'
import type { Answer } from '@reprise/ai'
import type { FastifyReply } from 'fastify'
import { type GatewayCall, eventsOf } from './call.ts'
import type { Json } from './json.ts'
import type { SseEvent } from './protocol.ts'
import { refusalFrom } from './refusals.ts'
import { UpstreamError } from './upstream.ts'

/** Sends a whole answer; one that was not paid for now says that it cost nothing. @throws UpstreamError for a stream that had no end */
export function sendWhole(
  { protocol }: Pick<GatewayCall, 'protocol'>,
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

/** Sends an answer that came in one piece as a stream, at once. */
export function sendAtOnce(
  { protocol, wantsUsage }: Pick<GatewayCall, 'protocol' | 'wantsUsage'>,
  { answer, paid, reply }: { readonly answer: Answer; readonly paid: boolean; readonly reply: FastifyReply },
): FastifyReply {
  let text = ''
  for (const event of eventsOf(protocol, answer)) {
    const delivered = protocol.deliver(event, { wantsUsage, paid })
    if (delivered !== undefined) text += textOf(delivered)
  }
  return asStream(reply).send(protocol.end === undefined ? text : text + textOf(protocol.end))
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
  const { protocol, wantsUsage } = call

  async function* text(): AsyncGenerator<string> {
    try {
      for await (const event of events) {
        const delivered = protocol.deliver(event, { wantsUsage, paid })
        if (delivered !== undefined) yield textOf(delivered)
      }
    } catch (error) {
      yield textOf(protocol.errorEvent(refusalFrom(protocol, error).body))
      return
    }
    if (protocol.end !== undefined) yield textOf(protocol.end)
  }

  return asStream(reply).send(Readable.from(text()))
}

function asStream(reply: FastifyReply): FastifyReply {
  return reply
    .type('text/event-stream; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('x-accel-buffering', 'no')
}

function textOf({ event, data }: SseEvent): string {
  if (event === undefined && !data.includes('\n')) return `data: ${data}\n\n`
  const lines = data.split('\n').map((line) => `data: ${line}\n`)
  return `${event === undefined ? '' : `event: ${event}\n`}${lines.join('')}\n`
}
