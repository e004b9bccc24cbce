import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { countTests, readCount, sayCount } from './count.mjs'

/** @type {string} */
let folder
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reprise-count-test-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** @param {{ passed: number, failed: number, files?: object[] }} report */
const write = ({ passed, failed, files = [] }) => {
  const file = join(folder, 'report.json')
  writeFileSync(file, JSON.stringify({ numPassedTests: passed, numFailedTests: failed, testResults: files }))
  return file
}

describe('countTests', () => {
  test('counts what the report counts', () => {
    expect(countTests(write({ passed: 3, failed: 2 }), 1)).toEqual({ passed: 3, failed: 2 })
  })

  test('a file that failed before its first test is a failure', () => {
    const files = [
      { status: 'failed', assertionResults: [] },
      { status: 'failed', assertionResults: [{}] },
    ]
    expect(countTests(write({ passed: 3, failed: 1, files }), 1)).toEqual({ passed: 3, failed: 2 })
  })

  test('a failed run is never green', () => {
    expect(countTests(write({ passed: 3, failed: 0 }), 1)).toEqual({ passed: 3, failed: 1 })
    expect(countTests(join(folder, 'missing.json'), 0)).toEqual({ passed: 0, failed: 1 })
  })
})

describe('readCount', () => {
  test('reads back the last line', () => {
    expect(readCount(`1 passed, 1 failed\n${sayCount({ passed: 12, failed: 0 })}\n`)).toEqual({
      passed: 12,
      failed: 0,
    })
  })

  test('an output without a count is a failure', () => {
    expect(readCount('12 passed, 0 failed\nbye\n')).toEqual({ passed: 0, failed: 1 })
  })
})
