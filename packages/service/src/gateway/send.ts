import { Readable } from 'node:stream'
import type { Answer } from '@reprise/ai'
import type { FastifyReply } from 'fastify'
import { type GatewayCall, eventsOf } from './call.ts'
import type { Json } from './json.ts'
import type { SseEvent } from './protocol.ts'
import { refusalFrom } from './refusals.ts'
import { UpstreamError } from './upstream.ts'

/** How an answer is sent. */
export interface Form extends Pick<GatewayCall, 'protocol' | 'streams' | 'wantsUsage'> {
  /** Whether it was paid for now: else it says that it cost nothing. */
  readonly paid: boolean
}

/** An answer in the form that its client gets. */
export interface Rendered {
  readonly text: string
  /** What was not spent on it. */
  readonly avoided: { readonly input: number; readonly output: number } | undefined
}

/** Puts an answer that came in one piece into its form: whole, or the events of a stream. @throws UpstreamError for a stream that had no end, where it is wanted whole */
export function render(answer: Answer, { protocol, streams, wantsUsage, paid }: Form): Rendered {
  if (streams) {
    const delivered = eventsOf(protocol, answer).map((event) => protocol.deliver(event, { wantsUsage, paid }))
    const events = [...delivered, protocol.end].filter((event) => event !== undefined)
    return { text: events.map(textOf).join(''), avoided: undefined }
  }
  if (answer.from === 'stream')
    throw new UpstreamError('The answer broke off before its end', { status: 502 })
  const whole = answer.body as Json
  return paid
    ? { text: JSON.stringify(whole), avoided: undefined }
    : { text: JSON.stringify(protocol.withoutUsage(whole)), avoided: protocol.usageOf(whole) }
}

/** Sends an answer that is there. */
export function sendRendered(
  { text, avoided }: Rendered,
  { streams, reply }: { readonly streams: boolean; readonly reply: FastifyReply },
): FastifyReply {
  if (avoided !== undefined) tellAvoided(reply, avoided)
  return (streams ? asStream(reply) : reply.type('application/json; charset=utf-8')).send(text)
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
