import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { RepriseError, errorTable } from '@reprise/cache'
import { describe, expect, test } from 'vitest'
import { quote } from '../src/errors.ts'

const source = fileURLToPath(new URL('../src/', import.meta.url))
const page = new URL('../../../docs/errors.md', import.meta.url)
const codes = Object.keys(errorTable)

describe('the error table', () => {
  test('docs/errors.md has a row for each code, with its status and whether to retry, and no other', () => {
    const rows = readFileSync(page, 'utf8')
      .split('\n')
      .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')))
      .filter(([, code]) => code !== undefined && code in errorTable)
      .map(([, code = '', status, retryable, meaning = '']) => ({
        code,
        status,
        retryable,
        told: meaning !== '',
      }))
    const wanted = Object.entries(errorTable).map(([code, { status, retryable }]) => ({
      code,
      status: String(status),
      retryable: retryable ? 'yes' : 'no',
      told: true,
    }))
    const plain = rows.map((row) => ({
      ...row,
      retryable: row.retryable?.replace('true', 'yes').replace('false', 'no'),
    }))
    const byCode = (a: { code: string }, b: { code: string }): number => a.code.localeCompare(b.code)
    expect(plain.toSorted(byCode)).toEqual(wanted.toSorted(byCode))
  })

  test('every code is thrown somewhere, and nothing else is', () => {
    const thrown = new Set<string>()
    for (const name of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.ts') || name === 'errors.ts') continue
      // Docstrings name codes, too; only code in quotes counts.
      for (const [, code] of readFileSync(`${source}${name}`, 'utf8').matchAll(/'(E_[A-Z_]+)'/g))
        thrown.add(code ?? '')
    }
    expect([...thrown].toSorted()).toEqual(codes.toSorted())
  })

  test("a status fits its meaning: 4xx is the caller's, and what may be retried is a 5xx", () => {
    for (const [code, { status, retryable, about }] of Object.entries(errorTable)) {
      expect([status >= 400 && status < 600, about.length > 10, code.startsWith('E_')]).toEqual([
        true,
        true,
        true,
      ])
      if (retryable) expect(status).toBeGreaterThanOrEqual(500)
    }
  })
})

describe('RepriseError', () => {
  test('carries its row of the table, its cause and when to come back', () => {
    const cause = new Error('why')
    const error = new RepriseError('E_LOADER_BACKOFF', 'wait', { cause, retryAfter: 5 })
    expect(error).toMatchObject({ name: 'RepriseError', status: 503, retryable: true, retryAfter: 5, cause })
    expect(error).toBeInstanceOf(Error)
    expect('cause' in new RepriseError('E_LOADER_FAILED', 'x')).toBe(false)
    expect(new RepriseError('E_LOADER_FAILED', 'x', { cause: undefined })).toHaveProperty('cause', undefined)
  })

  test('is known across copies of the package, by its code where one is asked for', () => {
    const error = new RepriseError('E_LOADER_FAILED', 'x')
    const foreign = Object.assign(new Error('x'), {
      code: 'E_LOADER_FAILED',
      [Symbol.for('reprise.error')]: true,
    })
    expect([
      RepriseError.is(error),
      RepriseError.is(error, 'E_LOADER_FAILED'),
      RepriseError.is(foreign),
    ]).toEqual([true, true, true])
    expect(RepriseError.is(error, 'E_LOADER_TIMEOUT')).toBe(false)
    for (const other of [undefined, null, 'E_LOADER_FAILED', new Error('x'), { code: 'E_LOADER_FAILED' }])
      expect(RepriseError.is(other)).toBe(false)
  })

  test('a bad value is quoted whatever it is, and cut', () => {
    const cycle: { self?: unknown } = {}
    cycle.self = cycle
    expect([quote('a"b'), quote(undefined), quote(1n), quote(Symbol('s')), quote(null)]).toEqual([
      '"a\\"b"',
      'undefined',
      '1n',
      'Symbol(s)',
      'null',
    ])
    expect(quote(cycle)).toBe('[object Object]')
    expect(quote('x'.repeat(10_000))).toMatch(/^"x{76}\.\.\. \(10002 characters\)$/)
  })
})
