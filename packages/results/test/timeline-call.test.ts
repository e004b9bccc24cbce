import { createFakeClock } from '@reprise/cache/testing'
import { openDatabase } from '@reprise/database'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { createCall } from '../src/timeline/call.ts'
import { scripts } from '../src/timeline/script.ts'
import { readSettings } from '../src/timeline/settings.ts'

const database = await openDatabase()
afterAll(() => database.close())

/** A server that answers only what a test settles. */
let sent: { readonly words: readonly unknown[]; answer(reply: unknown): void; fail(message: string): void }[]
const client = {
  status: 'ready',
  callBuffer: (...words: unknown[]) =>
    new Promise<unknown>((answer, reject) => {
      sent.push({ words, answer, fail: (message) => reject(new Error(message)) })
    }),
}
const clock = createFakeClock()
let errors: string[]
let call: ReturnType<typeof createCall>
beforeEach(() => {
  sent = []
  errors = []
  client.status = 'ready'
  const onError = (error: Error): void => void errors.push(error.message)
  call = createCall(client, readSettings({ database, clock, onError }))
})

test('a call ends at its deadline; then the server has half a second of rest, and one call tries it', async () => {
  const first = call.run(scripts.slide, 'k', 1)
  await clock.advance(149)
  expect(errors).toEqual([])
  await clock.advance(1)
  expect(await first).toBeUndefined()
  expect(errors).toEqual([
    "Redis could not slide a session's timeline (no answer to slide within the deadline of 150 ms): the database answers instead",
  ])
  await clock.advance(499)
  expect([await call.run(scripts.slide, 'k', 1), call.ready, sent.length]).toEqual([undefined, false, 1])
  await clock.advance(1)
  expect(call.ready).toBe(true)
  const probe = call.run(scripts.slide, 'k', 1)
  expect([await call.run(scripts.slide, 'k', 1), sent.length]).toEqual([undefined, 2])
  sent[1]?.answer(1)
  expect(await probe).toEqual({ reply: 1 })
  const after = [call.run(scripts.slide, 'k', 1), call.run(scripts.slide, 'k', 1)]
  expect(sent.length).toBe(4)
  for (const { answer } of sent.slice(2)) answer(1)
  expect(await Promise.all(after)).toEqual([{ reply: 1 }, { reply: 1 }])
})

test('errors are told at most once in five seconds, without what was sent', async () => {
  for (let second = 0; second < 12; second += 1) {
    const answer = call.run(scripts.apply, 'k', 'secret payload')
    sent.at(-1)?.fail('OOM command not allowed')
    expect(await answer).toBeUndefined()
    await clock.advance(1_000)
  }
  expect(errors.length).toBe(3)
  expect(errors.join()).not.toContain('secret')
})

test('nothing is sent on a connection that is not ready, and a clock that is turned back does not prolong the rest', async () => {
  client.status = 'reconnecting'
  expect([await call.run(scripts.slide, 'k'), call.ready, sent.length]).toEqual([undefined, false, 0])
  client.status = 'ready'
  let now = 10_000_000
  call = createCall(client, readSettings({ database, clock: { ...clock, now: () => now } }))
  const failing = call.run(scripts.slide, 'k')
  sent.at(-1)?.fail('READONLY')
  await failing
  expect(call.ready).toBe(false)
  now = 0
  expect(call.ready).toBe(true)
})

test('a script that the server does not know is sent with its text', async () => {
  const answer = call.run(scripts.slide, 'k', 1, 2)
  expect(sent[0]?.words).toEqual(['EVALSHA', scripts.slide.digest, 1, 'k', 1, 2])
  sent[0]?.fail('NOSCRIPT No matching script. Please use EVAL.')
  await clock.settle()
  expect(sent[1]?.words).toEqual(['EVAL', scripts.slide.source, 1, 'k', 1, 2])
  sent[1]?.answer('done')
  expect(await answer).toEqual({ reply: 'done' })
})
