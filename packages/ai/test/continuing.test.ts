import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { continuing } from '../src/ai-sdk/continuing.ts'
import type { Part } from '../src/ai-sdk/model.ts'
import { streamOf as typedStream } from './model.ts'

const streamOf = (...texts: string[]) => typedStream(...texts) as unknown as Part[]

/** What a follower has in the end: what was given, and what followed; undefined where the answer was another. */
function follow(given: readonly Part[], anew: readonly Part[]): Part[] | undefined {
  const next = continuing(given)
  const all = [...given]
  for (const part of anew) {
    const more = next(part)
    if (more === undefined) return undefined
    all.push(...more)
  }
  return all
}
const said = (parts: readonly Part[] | undefined) =>
  parts?.map((part) => (typeof part['delta'] === 'string' ? part['delta'] : '')).join('')
/** A text cut into deltas. */
const cut = (text: string, places: readonly number[]) => {
  const at = [0, ...places.map((place) => place % (text.length + 1)).toSorted((a, b) => a - b), text.length]
  return at.slice(1).map((end, index) => text.slice(at[index], end))
}

test('the same answer, cut into other deltas, goes on where the first one ended', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.array(fc.nat()),
      fc.array(fc.nat()),
      fc.nat(),
      (text, places, others, length) => {
        const first = streamOf(...cut(text, places))
        const given = first.slice(0, length % (first.length + 1))
        const all = follow(given, streamOf(...cut(text, others)))
        expect(said(all)).toBe(text)
        expect(all?.filter(({ type }) => type === 'finish').length).toBe(1)
      },
    ),
  )
})

test('another answer is told from the first', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.string(), (given, other) => {
      fc.pre(!other.startsWith(given))
      expect(follow(streamOf(given).slice(0, 3), streamOf(other))).toBeUndefined()
    }),
  )
})

const call = (toolCallId: string, input = '{}') => ({
  type: 'tool-call',
  toolCallId,
  toolName: 'look',
  input,
})

describe('names and parts', () => {
  test('blocks and tool calls keep the names they had', () => {
    const given = [
      { type: 'text-start', id: 'a' },
      { type: 'text-delta', id: 'a', delta: 'x' },
      { type: 'text-end', id: 'a' },
      call('c1'),
    ]
    const anew = [
      { type: 'text-start', id: 'b' },
      { type: 'text-delta', id: 'b', delta: 'x' },
      { type: 'text-end', id: 'b' },
      call('c2'),
      { type: 'tool-result', toolCallId: 'c2', toolName: 'look', result: 1 },
    ]
    expect(follow(given, anew)?.slice(given.length)).toEqual([
      { type: 'tool-result', toolCallId: 'c1', toolName: 'look', result: 1 },
    ])
  })

  test('another tool call is another answer, and so is one more block', () => {
    expect(follow([call('c1')], [call('c2', '{"a":1}')])).toBeUndefined()
    expect(follow(streamOf('one', 'two').slice(0, 5), streamOf('onetwothree'))).toBeUndefined()
  })

  test('metadata of the call may differ', () => {
    const metadata = (id: string) => ({ type: 'response-metadata', id })
    expect(
      said(follow([metadata('r1'), ...streamOf('a').slice(0, 3)], [metadata('r2'), ...streamOf('ab')])),
    ).toBe('ab')
  })
})
