/** Random lives of results against a model: what docs/results.md says of the states holds, whatever comes when. */
import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Life, type Step, anyStep, lease } from './life.ts'
import { rig } from './rig.ts'

/** The rows of the table of transitions in the page, as `from | event | to`. */
const table = new Set(
  readFileSync(new URL('../../../docs/results.md', import.meta.url), 'utf8')
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter(
      (cells) =>
        cells.length >= 6 && /^`?(-|generating|valid|expired|invalidated|failed)`?$/.test(cells[1] ?? ''),
    )
    .map(([, from, event, to]) =>
      [from, event, to].map((cell) => (cell ?? '').replaceAll('`', '')).join(' | '),
    ),
)

const writeB: Step = { do: 'write', target: 'b', model: 'gpt', lives: Infinity, rank: 1 }
const beginA: Step = { do: 'begin', target: 'a', model: undefined }
const finalizeLast: Step = { do: 'finalize', pick: 0, model: 'gpt', lives: Infinity, rank: 1 }
/** Goes through every row of the table, so that chance is not needed for it. */
const wholeLife: Step[] = [
  beginA,
  finalizeLast,
  { do: 'upgrade', pick: 0, model: 'gpt', rank: 2 },
  beginA,
  { do: 'time', by: 31_000 },
  beginA,
  { do: 'fail', pick: 0 },
  beginA,
  { do: 'invalidate-model', model: 'gpt' },
  finalizeLast,
  beginA,
  { do: 'invalidate-target', target: 'a' },
  beginA,
  { do: 'crash', pick: 0 },
  { do: 'maintain' },
  { ...writeB, lives: 1_000 },
  { do: 'time', by: 61_000 },
  { do: 'maintain' },
  { do: 'invalidate-target', target: 'b' },
  { ...writeB, lives: 1_000 },
  { do: 'time', by: 61_000 },
  { do: 'maintain' },
  writeB,
  { do: 'invalidate-id', pick: 0 },
  writeB,
  writeB,
  writeB,
  writeB,
  writeB,
]

const seen = new Set<string>()

/** Added to the fake clock, which cannot go back. */
let shift = 0

test('random begin, finalize, fail, crash, invalidate, expire, trim and clock steps keep to the table', async () => {
  const opened = await rig({ cached: true, lease, shift: () => shift })
  const uncached = await opened.other({ cached: false })
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 5, maxLength: 25 }), async (steps) => {
      const life = new Life(opened, uncached, (by) => void (shift -= by))
      life.model.now = opened.clock.now() + shift
      for (const one of steps) {
        await life.run(one)
        await life.check()
      }
      await life.checkEnd()
      for (const move of life.model.moves) {
        expect(table).toContain(move)
        seen.add(move)
      }
    }),
    { numRuns: 25, examples: [[wholeLife]] },
  )
  expect([...seen].toSorted()).toEqual([...table].toSorted())
})
