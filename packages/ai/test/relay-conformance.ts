import { expect } from 'vitest'
import type { RelayNews, StreamRelay } from '../src/relay/stream-relay.ts'

/** What a follower heard, told shortly: `begun`, the texts of parts, `answered`, `failed`. */
export function listener(relay: StreamRelay, key: string) {
  const heard: string[] = []
  const following = relay.follow(key, (news: RelayNews) => {
    if (news.kind === 'parts') heard.push(...news.parts.map(String))
    else if (news.kind === 'failed') heard.push(`failed: ${news.message}`)
    else heard.push(news.kind)
  })
  return { heard, ...following }
}

/** Cases that every relay passes; `key` is new each time. */
export const relayCases: readonly [string, (relay: StreamRelay, key: string) => Promise<void>][] = [
  [
    'who comes late hears what was, and follows on',
    async (relay, key) => {
      const writer = await relay.begin(key)
      writer.push('a')
      writer.push('b')
      const late = listener(relay, key)
      await until(late, 3)
      expect(late.heard).toEqual(['begun', 'a', 'b'])
      writer.push('c')
      await writer.answered()
      await late.catchUp()
      expect(late.heard).toEqual(['begun', 'a', 'b', 'c', 'answered'])
      late.stop()
    },
  ],
  [
    'who comes early hears the call begin',
    async (relay, key) => {
      const early = listener(relay, key)
      await early.catchUp()
      expect(early.heard).toEqual([])
      const writer = await relay.begin(key)
      writer.push('a')
      await writer.failed('overloaded')
      await early.catchUp()
      expect(early.heard).toEqual(['begun', 'a', 'failed: overloaded'])
      early.stop()
    },
  ],
  [
    'a call that begins takes the place of the one before, whose parts nobody hears any more',
    async (relay, key) => {
      const first = await relay.begin(key)
      const follower = listener(relay, key)
      first.push('old')
      await until(follower, 2)
      const second = await relay.begin(key)
      second.push('new')
      await until(follower, 4)
      first.push('too late')
      await first.answered()
      await second.answered()
      await follower.catchUp()
      expect(follower.heard).toEqual(['begun', 'old', 'begun', 'new', 'answered'])
      follower.stop()
    },
  ],
  [
    'a whole answer is told as it is, with bytes and dates',
    async (relay, key) => {
      const answer = { from: 'generate', body: { bytes: new Uint8Array([1, 255]), at: new Date(5) } }
      const told: unknown[] = []
      const following = relay.follow(key, (news) => news.kind === 'answered' && told.push(news.answer))
      const writer = await relay.begin(key)
      await writer.answered(answer)
      await following.catchUp()
      expect(told).toEqual([answer])
      following.stop()
    },
  ],
  [
    'who has stopped hears nothing more, others do',
    async (relay, key) => {
      const writer = await relay.begin(key)
      const [one, other] = [listener(relay, key), listener(relay, key)]
      await until(one, 1)
      await until(other, 1)
      one.stop()
      writer.push('a')
      await until(other, 2)
      expect([one.heard, other.heard]).toEqual([['begun'], ['begun', 'a']])
      other.stop()
    },
  ],
]

/** Reads until so much was heard. */
export async function until(
  { heard, catchUp }: { readonly heard: readonly unknown[]; catchUp(): Promise<void> },
  count: number,
): Promise<void> {
  while (heard.length < count) {
    await catchUp()
    await new Promise((resolve) => setImmediate(resolve))
  }
}
