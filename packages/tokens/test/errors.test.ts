import { readFileSync } from 'node:fs'
import { TokenError, tokenErrorTable } from '@reprise/tokens'
import { expect, test } from 'vitest'

test('docs/tokens.md has a row for each code, with its status, whether to retry, and its meaning', () => {
  const page = readFileSync(new URL('../../../docs/tokens.md', import.meta.url), 'utf8')
  const rows = [...page.matchAll(/^\| (E_TOKEN_\w+) \| (\d+) \| (yes|no) \| (.+) \|$/gm)].map(
    ([, code, status, retryable, about]) => [code, Number(status), retryable === 'yes', about],
  )
  const wanted = Object.entries(tokenErrorTable).map(([code, row]) => [
    code,
    row.status,
    row.retryable,
    row.about,
  ])
  expect(rows).toEqual(wanted)
})

test('a TokenError is known across copies of the package, by its code where one is asked for', () => {
  const error = new TokenError('E_TOKEN_LIMITED', 'wait', { retryAfterMs: 5, platformCode: 45009 })
  expect(error).toMatchObject({ status: 503, retryable: true, retryAfterMs: 5, platformCode: 45009 })
  expect([TokenError.is(error), TokenError.is(error, 'E_TOKEN_LIMITED')]).toEqual([true, true])
  for (const other of [undefined, new Error('x'), { code: 'E_TOKEN_LIMITED' }])
    expect(TokenError.is(other)).toBe(false)
  expect(TokenError.is(error, 'E_TOKEN_PLATFORM')).toBe(false)
})
