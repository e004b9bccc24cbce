import type { IntentConfig } from '../catalog/intent.ts'
import { readNumeral } from '../recognise/numerals.ts'
import type { Choice } from './standing.ts'

type Named = Pick<IntentConfig, 'intent_name' | 'display_name' | 'display_name_en'>

const ordinals: readonly RegExp[] = [
  /\b(?:first|1st|former)\b|^前者$/,
  /\b(?:second|2nd|latter)\b|^后者$/,
  /\b(?:third|3rd)\b/,
  /\b(?:fourth|4th)\b/,
  /\b(?:fifth|5th)\b/,
]
const number =
  /^(?:(?:我)?(?:要|选|选择|是)?第?|option |number |no\.? ?|#)?([1-9]|[一二两三四五])(?:个|项|号|种)?(?:吧|[.。])?$/

/** The place of an answer's number, from 1: 2, 第二个, the second one. */
function placeOf(text: string): number | undefined {
  const found = number.exec(text)?.[1]
  if (found !== undefined) return readNumeral(found)
  const place = ordinals.findIndex((pattern) => pattern.test(text))
  return place < 0 ? undefined : place + 1
}

/**
 * Which of the candidates an answer names: by its number in the list, or by a name that only one of them has. Undefined
 * when it names none; the sentence is then read by itself.
 */
export function resolveChoice(
  answer: string,
  candidates: readonly Choice[],
  intents: readonly Named[],
): Choice | undefined {
  const text = answer.normalize('NFKC').toLowerCase().trim()
  const place = placeOf(text)
  if (place !== undefined) return candidates[place - 1]
  const named = candidates.filter(({ intent_name: name }) => {
    const intent = intents.find(({ intent_name }) => intent_name === name)
    return namesIntent(intent, text)
  })
  return named.length === 1 ? named[0] : undefined
}

/** 机票预订 is also called 机票: what everybody calls it, without the verb. */
function namesOf(intent: Named | undefined): readonly string[] {
  if (intent === undefined) return []
  const whole = [intent.display_name, intent.display_name_en ?? '']
  const short = whole.map((name) => name.replace(/(?:预订|查询|\s*(?:booking|query|check))$/i, ''))
  return [...whole, ...short].map((name) => name.trim().toLowerCase()).filter((name) => name.length > 1)
}

/** Whether a text speaks of the intent by its name. */
export function namesIntent(intent: Named | undefined, text: string): boolean {
  const lower = text.normalize('NFKC').toLowerCase()
  return namesOf(intent).some((name) => lower.includes(name))
}
