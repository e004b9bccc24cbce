// Fields that the tables of the configuration share, and checks that a schema cannot make.
import { proseOf } from '@reprise/api'
import { z } from 'zod'
import type { ValidationRules } from '../catalog/slot.ts'
import { ruleDay } from '../dialogue/validate.ts'
import { isSecretHeader, placeholdersIn, variableName } from '../execute/headers.ts'
import type { Problem } from './config-table.ts'

/** A name that programs use: small letters, digits and `_`. */
export const codeName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,99}$/, 'Begin with a small letter, then small letters, digits and _, at most 100')

/** A text of 1 to `longest` characters. */
export const prose = proseOf

/** A text that may be absent or null. */
export const optionalText = (longest: number) => proseOf(longest).nullish()

/** The id of another row. */
export const wholeId = z.int().min(1).max(2_147_483_647)

/** What stops a pattern from being a regular expression. */
export function regexProblem(field: string, pattern: string): Problem[] {
  try {
    void new RegExp(pattern, 'u')
    return []
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return [{ field, message: `${JSON.stringify(pattern)} is no regular expression: ${reason}` }]
  }
}

/** What is wrong with the rules of a slot (row A6). */
export function ruleProblems(rules: ValidationRules): Problem[] {
  const problems = rules.pattern === undefined ? [] : regexProblem('validation_rules.pattern', rules.pattern)
  const today = { year: 2000, month: 1, day: 1 }
  for (const name of ['min_date', 'max_date'] as const) {
    const day = rules[name]
    if (day === undefined || ruleDay(day, today) !== undefined) continue
    const message = `${JSON.stringify(day)} is no day: give today, +30d, -7d or a date such as 2026-12-31`
    problems.push({ field: `validation_rules.${name}`, message })
  }
  for (const [least, most] of [
    ['min', 'max'],
    ['min_length', 'max_length'],
  ] as const) {
    if ((rules[least] ?? -Infinity) <= (rules[most] ?? Infinity)) continue
    const message = `${least} ${rules[least]} is more than ${most} ${rules[most]}: no value would do`
    problems.push({ field: `validation_rules.${least}`, message })
  }
  return problems
}

/** What is wrong with the headers of a call: another program's variable, or a secret that is written out. */
export function headerProblems(headers: Readonly<Record<string, string>>): Problem[] {
  return Object.entries(headers).flatMap(([name, value]): Problem[] => {
    const field = `headers.${name}`
    const names = placeholdersIn(value)
    const foreign = names.filter((variable) => !variableName.test(variable))
    if (!/^[\w-]{1,100}$/.test(name) || /[\r\n]/.test(value)) {
      return [{ field, message: 'A header has a name of letters, digits and -, and a value on one line' }]
    }
    if (foreign.length > 0) {
      return [
        { field, message: `\${${foreign[0]}} is not allowed: use a variable whose name begins with API_` },
      ]
    }
    if (isSecretHeader(name) && names.length === 0) {
      return [{ field, message: 'Secrets are not kept here: write ${API_TOKEN} and set that variable' }]
    }
    return []
  })
}
