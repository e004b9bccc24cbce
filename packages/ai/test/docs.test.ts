import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { aiErrorCodes } from '../src/errors.ts'
import { ledgerKinds } from '../src/ledger/ledger.ts'

test('docs/model-calls.md has every error as the code has it, and no other', async () => {
  const page = await readFile(new URL('../../../docs/model-calls.md', import.meta.url), 'utf8')
  const rows = [...page.matchAll(/^\| (E_CALL_\w+) \| (.+) \|$/gm)].map(([, code, meaning]) => [
    code,
    meaning,
  ])
  expect(Object.fromEntries(rows)).toEqual(aiErrorCodes)
})

test('docs/ledger.md has every kind of entry as the code has it, and no other', async () => {
  const page = await readFile(new URL('../../../docs/ledger.md', import.meta.url), 'utf8')
  const table = page.split('| kind | what |')[1]?.split('\n\n')[0] ?? ''
  const rows = [...table.matchAll(/^\| (\w+) \| (.+) \|$/gm)].map(([, kind, meaning]) => [kind, meaning])
  expect(Object.fromEntries(rows)).toEqual(ledgerKinds)
})
