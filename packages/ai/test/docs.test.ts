import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { aiErrorCodes } from '../src/errors.ts'

test('docs/model-calls.md has every error as the code has it, and no other', async () => {
  const page = await readFile(new URL('../../../docs/model-calls.md', import.meta.url), 'utf8')
  const rows = [...page.matchAll(/^\| (E_CALL_\w+) \| (.+) \|$/gm)].map(([, code, meaning]) => [
    code,
    meaning,
  ])
  expect(Object.fromEntries(rows)).toEqual(aiErrorCodes)
})
