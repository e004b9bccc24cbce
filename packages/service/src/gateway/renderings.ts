/**
 * Answers as hits send them. Each is put into its form once, and kept with its entry: when memory lets go of that, the
 * text goes too. The memory tier does not count these texts: for each of three forms that is asked for, a process may hold
 * about as much again as it holds of answers.
 */
import type { KeptAnswer, TokenUsage } from '@reprise/ai'
import { cacheStatus } from './cache-control.ts'
import { type GatewayCall, usageOf } from './call.ts'
import { type Rendered, render } from './send.ts'

/** Characters of the longest text that is kept. */
const longest = 65_536

interface Rendering {
  readonly rendered: Rendered
  /** What the call that made the answer had used. */
  readonly usage: TokenUsage | undefined
  /** Its header `Cache-Status`. */
  readonly status: string
}

/** Those of one gateway. */
export interface Renderings {
  /** A kept answer as a client gets it that paid nothing. @throws UpstreamError for a stream that had no end, where it is wanted whole */
  of(kept: KeptAnswer, form: Pick<GatewayCall, 'protocol' | 'streams' | 'wantsUsage'>): Rendering
}

/** None yet. */
export function createRenderings(): Renderings {
  const known = new WeakMap<object, Map<string, Rendering>>()
  return {
    of({ held, key, answer }, { protocol, streams, wantsUsage }) {
      // An entry is of one protocol, which is in its key.
      const form = streams ? (wantsUsage ? 'events and usage' : 'events') : 'whole'
      const before = known.get(held)?.get(form)
      if (before !== undefined) return before
      const read = answer()
      const rendered = render(read, { protocol, streams, wantsUsage, paid: false })
      const rendering = {
        rendered,
        usage: usageOf(protocol, read),
        status: cacheStatus({ hit: true, key }),
      }
      if (rendered.text.length <= longest) {
        const forms = known.get(held) ?? new Map<string, Rendering>()
        known.set(held, forms.set(form, rendering))
      }
      return rendering
    },
  }
}
