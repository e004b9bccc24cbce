import { AiError, quote } from './errors.ts'

/** How many answers are kept for one request, up to a temperature. */
export interface VarietyRule {
  /** The rule is for this temperature and below. @default every one */
  readonly upTo?: number
  /** Answers kept; 0 keeps none and calls the model each time. */
  readonly answers: number
}

/** The most answers of one request. */
const mostAnswers = 1_000

/** One answer, whatever the temperature. */
export const oneAnswer: readonly VarietyRule[] = Object.freeze([Object.freeze({ answers: 1 })])

/** Checks rules once. @throws E_CALL_OPTION quoting the bad one */
export function readVariety(rules: readonly VarietyRule[] = oneAnswer): readonly VarietyRule[] {
  let below = -Infinity
  for (const { upTo = Infinity, answers } of rules) {
    if (!Number.isInteger(answers) || answers < 0 || answers > mostAnswers) {
      throw new AiError('E_CALL_OPTION', `variety: answers is ${quote(answers)}; give 0 to ${mostAnswers}`)
    }
    if (!(upTo > below)) {
      throw new AiError(
        'E_CALL_OPTION',
        `variety: upTo is ${quote(upTo)} after ${quote(below)}; write rules from the lowest temperature up, each once`,
      )
    }
    below = upTo
  }
  return rules
}

/**
 * How many answers are kept at a temperature: by the first rule that is for it, 1 where none is. A call that names no
 * temperature, where no default is known either, counts as 1, what most providers take.
 */
export function answersAt(rules: readonly VarietyRule[], temperature = 1): number {
  return rules.find(({ upTo = Infinity }) => temperature <= upTo)?.answers ?? 1
}
