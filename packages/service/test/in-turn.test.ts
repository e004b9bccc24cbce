import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { sharedInTurn } from '../src/http/in-turn.ts'

test('one look for all that ask the same in a turn, and it sees what has happened until the turn ended', async () => {
  const looks: string[] = []
  let state = 'old'
  const ask = sharedInTurn(async (question: string) => {
    looks.push(question)
    return { question, state }
  })
  const first = [ask('a'), ask('b'), ask('a')]
  await Promise.resolve()
  const late = ask('a')
  expect(looks).toEqual([])
  state = 'new'
  const [one, other, same] = await Promise.all(first)
  expect(one).toEqual({ question: 'a', state: 'new' })
  expect(other).toEqual({ question: 'b', state: 'new' })
  expect(same).toBe(one)
  expect(await late).toBe(one)
  expect(looks).toEqual(['a', 'b'])
})

test('who asks when the look has begun gets another, and a look that fails is not kept', async () => {
  const open: ((answer: string) => void)[] = []
  let broken = false
  const ask = sharedInTurn(async () => {
    if (broken) throw new Error('away')
    return new Promise<string>((resolve) => open.push(resolve))
  })
  const early = ask()
  await turn()
  await turn()
  expect(open).toHaveLength(1)
  const later = ask()
  await turn()
  await turn()
  expect(open).toHaveLength(2)
  open[1]?.('second')
  expect(await later).toBe('second')
  open[0]?.('first')
  expect(await early).toBe('first')
  broken = true
  await expect(Promise.all([ask(), ask()])).rejects.toThrow('away')
  broken = false
  const again = ask()
  await turn()
  await turn()
  open[2]?.('third')
  expect(await again).toBe('third')
})
