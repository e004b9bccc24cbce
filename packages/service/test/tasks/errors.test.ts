import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { describeError } from '../../src/http/describe-error.ts'
import { TaskError, taskErrorTable } from '../../src/tasks/errors.ts'

test('docs/tasks.md has a row for each code, with its status, whether to retry, and its meaning', () => {
  const page = readFileSync(new URL('../../../../docs/tasks.md', import.meta.url), 'utf8')
  const rows = [...page.matchAll(/^\| (E_TASKS_\w+) \| (\d+) \| (yes|no) \| (.+) \|$/gm)].map(
    ([, code, status, retryable, about]) => [code, Number(status), retryable === 'yes', about],
  )
  const wanted = Object.entries(taskErrorTable).map(([code, row]) => [
    code,
    row.status,
    row.retryable,
    row.about,
  ])
  expect(rows).toEqual(wanted)
})

test('a TaskError is known across copies of the package, and answered with its status, code and pause', () => {
  const error = new TaskError('E_TASKS_BACKLOG', 'too many', { retryAfter: 5_000 })
  expect([TaskError.is(error), TaskError.is(error, 'E_TASKS_BACKLOG')]).toEqual([true, true])
  for (const other of [undefined, new Error('x'), { code: 'E_TASKS_BACKLOG' }])
    expect(TaskError.is(other)).toBe(false)
  expect(TaskError.is(error, 'E_TASKS_STATE')).toBe(false)
  expect(describeError(error)).toMatchObject({
    status: 429,
    code: 'E_TASKS_BACKLOG',
    headers: { 'retry-after': '5' },
  })
})
