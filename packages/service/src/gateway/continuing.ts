import type { CallPlan } from '@reprise/ai'
import type { Protocol, SseEvent } from './protocol.ts'

/**
 * How an answer goes on where clients were given a part of it: as soon as it is whole, what is missing follows, in one
 * event for each text. It must say what was said before; an answer of another call does not, and undefined tells so.
 */
export function continuing(protocol: Protocol): CallPlan<SseEvent>['shape']['continuing'] {
  return (given) => {
    const told = new Map<string, string>()
    for (const event of given) {
      for (const { slot, text = '' } of protocol.piecesOf(event))
        told.set(slot, (told.get(slot) ?? '') + text)
    }
    const events: SseEvent[] = []
    let ended = false
    return (event) => {
      // What comes after the end, such as figures, may have been told as well.
      if (ended) return protocol.piecesOf(event).every(({ slot }) => told.has(slot)) ? [] : [event]
      events.push(event)
      const whole = protocol.assemble(events)
      if (whole === undefined) return []
      ended = true
      return restOf(protocol, protocol.split(whole), told)
    }
  }
}

/** The events of an answer without what was told of it; undefined where that is not its beginning. */
function restOf(
  protocol: Protocol,
  events: readonly SseEvent[],
  told: ReadonlyMap<string, string>,
): readonly SseEvent[] | undefined {
  const rest: SseEvent[] = []
  for (const event of events) {
    const [piece] = protocol.piecesOf(event)
    const before = piece === undefined ? undefined : told.get(piece.slot)
    if (before === undefined) rest.push(event)
    else if (piece?.text !== undefined) {
      if (!piece.text.startsWith(before)) return undefined
      if (piece.text.length > before.length)
        rest.push(protocol.withText(event, piece.text.slice(before.length)))
    }
  }
  return rest
}
