import { readFileSync } from 'node:fs'
import { resultsErrorCodes } from '@reprise/results'
import { expect, test } from 'vitest'

test('docs/results.md tells every error of results in the words of the table, and no other', () => {
  const page = readFileSync(new URL('../../../docs/results.md', import.meta.url), 'utf8')
  const told = [...page.matchAll(/^\| (E_\w+) \| (.+) \|$/gm)].map(([, code, meaning]) => [code, meaning])
  const coded = Object.entries(resultsErrorCodes).filter(([code]) => code.startsWith('E_RESULT_'))
  expect(told).toEqual(coded)
})
