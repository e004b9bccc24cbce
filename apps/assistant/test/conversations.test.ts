// Runs every dialogue of conversations/*.yaml; a file's name is what its dialogues are about. All are said on Saturday
// 21 November 2026, 10:00 in Shanghai. A turn names only what it is about: the reply must have it.
import { readFileSync, readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { stateOf } from '../src/dialogue/context.ts'
import { loadHistory, loadSession } from '../src/dialogue/session-store.ts'
import { type Bench, openBench, saturday } from './setup.ts'

const texts = z
  .union([z.string(), z.number(), z.array(z.string())])
  .transform((value) => [value].flat().map(String))
const Turn = z.strictObject({
  say: z.string(),
  intent: z.string().nullable().optional(),
  status: z.string().optional(),
  type: z.string().optional(),
  next: z.string().optional(),
  slots: z.record(z.string(), z.coerce.string()).optional(),
  /** The slot that is asked for. */
  asks: z.string().optional(),
  /** The slot whose value was refused. */
  refuses: z.string().optional(),
  /** The intents to choose from, in their order. */
  choices: z.array(z.string()).optional(),
  /** Texts that the reply has, and has not. */
  says: texts.optional(),
  never: texts.optional(),
  /** The task of the session after the turn, and those that wait on the stack. */
  task: z.string().nullable().optional(),
  stack: z.array(z.string()).optional(),
  /** How many bookings the dialogue has made so far. */
  booked: z.int().optional(),
})
const Dialogues = z.array(
  z.strictObject({
    name: z.string(),
    language: z.enum(['zh', 'en', 'mixed']),
    user: z.string().default('u1'),
    context: z.record(z.string(), z.unknown()).optional(),
    /** So many answers of the travel service are lost. */
    lost: z.int().default(0),
    turns: z.array(Turn).min(1),
  }),
)

const folder = new URL('conversations/', import.meta.url)
const files = readdirSync(folder).map((name) => ({
  name: name.replace('.yaml', ''),
  dialogues: Dialogues.parse(parse(readFileSync(new URL(name, folder), 'utf8'))),
}))
let bench: Bench

beforeAll(async () => {
  bench = await openBench()
})
afterAll(async () => {
  await bench.close()
})

test('there are at least 60 dialogues, half of them Chinese', () => {
  const all = files.flatMap(({ dialogues }) => dialogues)
  expect(all.length).toBeGreaterThanOrEqual(60)
  const chinese = all.filter(({ language }) => language === 'zh').length
  expect(chinese / all.length).toBeGreaterThanOrEqual(0.5)
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length)
})

for (const { name: about, dialogues } of files) {
  describe(about, () => {
    test.each(dialogues)('$name', async ({ user, context, lost, turns }) => {
      const before = bench.travel.orders.size
      const transitions = await bench.dialogue.lookups.statuses()
      bench.travel.lost = lost
      let session: string | undefined
      let last: string | undefined
      for (const turn of turns) {
        const { decision, response, sessionId } = await bench.say(turn.say, {
          user,
          ...(session === undefined ? {} : { session }),
          ...(context === undefined ? {} : { context }),
        })
        session = sessionId
        const said = `${turn.say} → ${response}`
        const stored = await loadSession(bench.database, sessionId, saturday.now)
        const standing = stored === undefined ? undefined : stateOf(stored.context).standing
        const reply = {
          intent: decision.intent,
          status: decision.status,
          type: decision.responseType,
          next: decision.nextAction,
          slots: decision.slots,
          asks: decision.missing[0],
          refuses: Object.keys(decision.problems)[0],
          choices: decision.candidates.map(({ intent }) => intent),
          task: standing?.task?.intent_name ?? null,
          stack: standing?.interrupted.map(({ intent_name }) => intent_name),
          booked: bench.travel.orders.size - before,
        }
        const { say: _, says = [], never = [], ...wanted } = turn
        const names = Object.keys(wanted) as (keyof typeof wanted)[]
        expect({ said, ...Object.fromEntries(names.map((key) => [key, reply[key]])) }).toEqual({
          said,
          ...wanted,
        })
        for (const text of says) expect(said).toContain(text)
        for (const text of never) expect(response).not.toContain(text)
        const status = transitions.status.find(({ status_code }) => status_code === last)
        const allowed = [last, ...(status?.next_allowed_status ?? [])]
        if (status?.is_final === false)
          expect([said, allowed.includes(decision.status)]).toEqual([said, true])
        last = decision.status
      }
      // The database alone has what the cache shows.
      const kept = await loadHistory(bench.database, session ?? '')
      expect(kept.map(({ user_input }) => user_input)).toEqual(turns.map(({ say }) => say.trim()))
      expect(bench.errors).toEqual([])
    })
  })
}
