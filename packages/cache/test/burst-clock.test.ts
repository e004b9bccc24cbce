import { createCache, defineCatalog, defineSpace } from '@reprise/cache'
import { createFakeClock } from '@reprise/cache/testing'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { BurstClock } from '../src/read/burst-clock.ts'

/** A burst clock whose looks are counted, and what ends its burst. */
function counted(bursts?: boolean) {
  const fake = createFakeClock()
  const ends: (() => void)[] = []
  const seen = { looks: 0 }
  const now = (): number => {
    seen.looks += 1
    return fake.now()
  }
  const clock = new BurstClock({ ...fake, now }, (end) => ends.push(end), bursts)
  const read = (times: number): number => {
    const before = seen.looks
    for (let time = 0; time < times; time += 1) clock.next()
    return seen.looks - before
  }
  return { clock, ends, read }
}

test('in a burst one look serves 64 reads, and their time may be old', () => {
  const { clock, ends, read } = counted(true)
  read(20)
  expect([clock.slack > 0, ends.length]).toEqual([true, 1])
  expect(read(65 * 4)).toBe(4)
  clock.look()
  expect(clock.slack).toBe(0)
})

test('after its end the clock is looked at anew', () => {
  const { clock, ends, read } = counted(true)
  read(60)
  ends.pop()?.()
  expect(read(1)).toBe(1)
  expect(clock.slack).toBe(0)
  expect(read(64)).toBe(0)
})

test('a burst of a few reads is not tried again at once', () => {
  const { ends, read } = counted(true)
  read(12)
  ends.pop()?.()
  expect(read(500)).toBe(500)
  expect(read(500)).toBeLessThan(50)
})

test('reads far apart, and those by a clock of the caller, look each time', async () => {
  const fake = createFakeClock()
  const clock = new BurstClock(fake, () => {}, true)
  for (let time = 0; time < 100; time += 1) {
    await fake.advance(2)
    expect([clock.next(), clock.slack]).toEqual([fake.now(), 0])
  }
  expect(counted().read(100)).toBe(100)
})

test('an entry that ends within a burst is not served past its end', async () => {
  const word = defineSpace({ name: 'word', key: 'word:{id}', schema: z.string(), ttl: '40ms' })
  const cache = await createCache({ catalog: defineCatalog({ prefix: 'burst', spaces: [word] }) })
  const words = cache.open(word)
  const id = { id: 'a' }
  await words.set(id, 'old')
  const end = Date.now() + 40
  for (let time = 0; time < 200; time += 1) {
    words.peek(id)
    await words.getOrLoad(id, () => 'old')
  }
  await words.set(id, 'old')
  const over = Math.max(end, Date.now() + 40)
  words.peek(id)
  await words.get(id)
  while (Date.now() <= over) words.key(id)
  expect(words.peek(id)).toBeUndefined()
  expect(await words.get(id)).toBeUndefined()
  expect(await words.getOrLoad(id, () => 'new')).toBe('new')
  await cache.close()
})
