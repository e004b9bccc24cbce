import { canonicalText } from '../key/canonical.ts'
import type { Continuation } from '../pour.ts'
import type { Part } from './model.ts'

/** Parts that say nothing of the answer itself, and differ between two calls. */
const incidental = /^(?:stream-start|response-metadata|raw|ping)$/

/** A part that was given and must come again; `delta` is what is left of a text. */
interface Wanted {
  readonly part: Part
  delta: string | undefined
}

/**
 * How a stream goes on in the place of one of which `given` came: what says the same again is left out, however it is cut into
 * deltas; what comes then follows under the names that blocks and tool calls had before.
 */
export function continuing(given: readonly Part[]): Continuation<Part> {
  const wanted = wantedOf(given)
  const names = new Map<unknown, unknown>()

  function again(part: Part): readonly Part[] | undefined {
    const first = wanted[0]
    if (first === undefined) return [renamed(part, names)]
    if (part['delta'] === '') return []
    if (part.type !== first.part.type) return undefined
    for (const name of ['id', 'toolCallId']) {
      if (part[name] !== undefined && !names.has(part[name])) names.set(part[name], first.part[name])
    }
    const { delta } = part
    if (first.delta === undefined || typeof delta !== 'string') {
      wanted.shift()
      return said(renamed(part, names)) === said(first.part) ? [] : undefined
    }
    if (names.get(part['id']) !== first.part['id']) return undefined
    if (first.delta.startsWith(delta)) {
      first.delta = first.delta.slice(delta.length)
      if (first.delta === '') wanted.shift()
      return []
    }
    if (!delta.startsWith(first.delta) || wanted.length > 1) return undefined
    wanted.shift()
    return [renamed({ ...part, delta: delta.slice(first.delta.length) }, names)]
  }

  return (part) => (wanted.length > 0 && incidental.test(part.type) ? [] : again(part))
}

/** What must come again: the neighbouring deltas of one block are one. */
function wantedOf(given: readonly Part[]): Wanted[] {
  const wanted: Wanted[] = []
  for (const part of given) {
    if (incidental.test(part.type)) continue
    const last = wanted.at(-1)
    const delta = typeof part['delta'] === 'string' ? part['delta'] : undefined
    const goesOn = last?.part.type === part.type && last.part['id'] === part['id']
    if (delta !== undefined && last?.delta !== undefined && goesOn) last.delta += delta
    else if (delta !== '') wanted.push({ part, delta })
  }
  return wanted
}

function renamed(part: Part, names: ReadonlyMap<unknown, unknown>): Part {
  const { id, toolCallId } = part
  return {
    ...part,
    ...(names.has(id) ? { id: names.get(id) } : {}),
    ...(names.has(toolCallId) ? { toolCallId: names.get(toolCallId) } : {}),
  }
}

/** What a part says, without what is of one call only. */
function said({ providerMetadata: _metadata, usage: _usage, ...part }: Part): string {
  return canonicalText(part, 'part')
}
