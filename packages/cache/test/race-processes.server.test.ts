/** Two real processes on a real Redis: one races, the other changes the key, in every order, whatever becomes of the strategies. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Process, startProcess } from './processes/start.ts'
import type { Order } from './processes/worker.ts'
import { type Case, answerOf, cases, finalOf, title } from './race-cases.ts'

let racer: Process
let other: Process

beforeAll(async () => {
  const addresses = { url: process.env['REPRISE_TEST_REDIS_URL'] ?? '' }
  const prefix = `race-${randomUUID().slice(0, 8)}`
  ;[racer, other] = (await Promise.all(
    [1, 2].map(async () => startProcess({ addresses, prefix, lease: 2_000 })),
  )) as [Process, Process]
})
afterAll(async () => void (await Promise.all([racer, other].map(async (one) => one?.close()))))

async function done(one: Process, order: Order): Promise<void> {
  const heard = one.hears('done')
  one.tell(order)
  await heard
}

async function got(one: Process, question: string): Promise<string | undefined> {
  const heard = one.hears('got')
  one.tell({ do: 'get', question })
  return (await heard).value
}

async function play(one: Case, question: string): Promise<string> {
  const loading = racer.hears('loading')
  const raced = racer.hears('raced')
  racer.tell({ do: 'race', question })
  await loading
  for (const step of one.order) {
    if (step !== 'change') await done(racer, { do: 'end', question, strategy: step, how: one[step] })
    else if (one.change === 'tag') await done(other, { do: 'invalidate', question })
    else if (one.change === 'set') await done(other, { do: 'set', question })
    else if (one.change !== 'none') await done(other, { do: 'delete', question })
    if (step === 'change' && one.change === 'reload') await done(other, { do: 'reload', question })
  }
  return (await raced).answer
}

test(
  'every order of fast answer, premium answer and change by another process',
  { timeout: 120_000 },
  async () => {
    for (const [index, one] of cases.entries()) {
      const question = `q${index}`
      const answer = await play(one, question)
      const first = answerOf(one)
      expect(answer, `of: ${title(one)}`).toBe(first === 'failed' ? 'E_RACE_FAILED' : first)
      const expected = finalOf(one)
      // Once the race is over the store has what it left; each process's memory follows the log.
      for (const process of [racer, other]) {
        let seen = await got(process, question)
        for (let turn = 0; seen !== expected && turn < 200; turn += 1) seen = await got(process, question)
        expect(seen, `of: ${title(one)}`).toBe(expected)
      }
    }
  },
)
