import { existsSync, readFileSync } from 'node:fs'

/**
 * How many passed and how many failed, of tests or checks.
 * @typedef {{ passed: number, failed: number }} Count
 */

/**
 * Reads a vitest JSON report. A test file that failed before its first test counts as one failure, and so does a
 * run that failed (`code`) without saying which test did.
 * @param {string} file
 * @param {number} code vitest's exit code
 * @returns {Count}
 */
export const countTests = (file, code) => {
  if (!existsSync(file)) return { passed: 0, failed: 1 }
  const report = JSON.parse(readFileSync(file, 'utf8'))
  /** @type {{ status: string, assertionResults: unknown[] }[]} */
  const files = report.testResults
  const broken = files.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  )
  const failed = report.numFailedTests + broken.length
  return { passed: report.numPassedTests, failed: code !== 0 && failed === 0 ? 1 : failed }
}

/** The line every count ends with, such as `12 passed, 0 failed`. @param {Count} count */
export const sayCount = ({ passed, failed }) => `${passed} passed, ${failed} failed`

/**
 * Reads the last line of an output that `sayCount` wrote; an output without one counts as one failure.
 * @param {string} output
 * @returns {Count}
 */
export const readCount = (output) => {
  const found = /(?:^|\n)(\d+) passed, (\d+) failed\s*$/.exec(output)
  return found === null ? { passed: 0, failed: 1 } : { passed: Number(found[1]), failed: Number(found[2]) }
}
