import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { resultsErrorCodes } from '../src/index.ts'

test('docs/timelines.md tells every error of timelines in the words of the table, and no other', () => {
  const page = readFileSync(new URL('../../../docs/timelines.md', import.meta.url), 'utf8')
  const told = [...page.matchAll(/^\| (E_\w+) \| (.+) \|$/gm)].map(([, code, meaning]) => [code, meaning])
  const coded = Object.entries(resultsErrorCodes).filter(([code]) => code.startsWith('E_TIMELINE_'))
  expect(told).toEqual(coded)
})
