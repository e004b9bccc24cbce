import type { ExtractionRule, SlotDefinition } from '../catalog/slot.ts'
import { lowerCase } from './normalise.ts'
import type { Reading } from './reading.ts'
import type { FoundSlot } from './recogniser.ts'

/** One value of a keyword rule and the words that stand for it. */
export interface Keyword {
  readonly word: string
  readonly value: string
}

/** The words of a keyword rule: `靠窗, 窗边 = 靠窗; 过道` has three, of two values. A word without `=` is its own value. */
export function keywordsOf(pattern: string): readonly Keyword[] {
  return pattern.split(/[;；]/).flatMap((part) => {
    const [words = '', value] = part.split(/[=＝]/).map((text) => text.trim())
    const listed = words.split(/[,，、|]/).map((word) => word.trim())
    return listed.flatMap((word) => (word === '' ? [] : [{ word, value: value || word }]))
  })
}

const compiled = new Map<string, RegExp | undefined>()
/** Patterns are an operator's and few; past this many what is kept of them is begun again. */
const mostPatterns = 500

function compile(pattern: string): RegExp | undefined {
  if (compiled.has(pattern)) return compiled.get(pattern)
  if (compiled.size >= mostPatterns) compiled.clear()
  let regex: RegExp | undefined
  try {
    regex = new RegExp(pattern, 'iu')
  } catch {
    // The administration refuses it; a row written past it finds nothing.
  }
  compiled.set(pattern, regex)
  return regex
}

function fromRegex(pattern: string, reading: Reading): FoundSlot | undefined {
  const match = compile(pattern)?.exec(reading.text)
  const value = match?.[1] ?? match?.[0] ?? ''
  if (match === undefined || match === null || value === '') return undefined
  return {
    value,
    normalized_value: value,
    confidence: 0.9,
    source: 'rule',
    original_text: match[0],
    is_validated: false,
  }
}

const latinLetter = /[a-z0-9]/

/** Where a word is in a sentence, or -1: a Latin one as a whole word, a Chinese one anywhere. */
function findWord(sentence: string, word: string): number {
  const latin = latinLetter.test(word.charAt(0))
  for (let at = sentence.indexOf(word); at >= 0; at = sentence.indexOf(word, at + 1)) {
    const inside =
      latinLetter.test(sentence.charAt(at - 1)) || latinLetter.test(sentence.charAt(at + word.length))
    if (!latin || !inside) return at
  }
  return -1
}

function fromKeyword(pattern: string, reading: Reading): FoundSlot | undefined {
  const words = keywordsOf(pattern).toSorted((a, b) => b.word.length - a.word.length)
  for (const { word, value } of words) {
    const at = findWord(reading.lower, lowerCase(word))
    if (at < 0) continue
    return {
      value: word,
      normalized_value: value,
      confidence: 0.9,
      source: 'rule',
      original_text: reading.text.slice(at, at + word.length),
      is_validated: false,
    }
  }
  return undefined
}

function fromEntityOf(type: string, reading: Reading): FoundSlot | undefined {
  const entity = reading.entities.find((one) => one.type === type && !one.negated)
  if (entity === undefined) return undefined
  return {
    value: entity.value,
    normalized_value: entity.value,
    confidence: Math.min(1, 0.95 * entity.weight),
    source: 'rule',
    original_text: reading.text.slice(entity.start, entity.end),
    is_validated: true,
    canonical_form: entity.canonical,
  }
}

function apply({ rule_type: type, pattern }: ExtractionRule, reading: Reading): FoundSlot | undefined {
  if (type === 'regex') return fromRegex(pattern, reading)
  if (type === 'keyword') return fromKeyword(pattern, reading)
  return type === 'entity' ? fromEntityOf(pattern, reading) : undefined
}

/** The value that the first of a slot's rules finds (row A23); the highest priority is first, and each rule is tried. */
export function findByRules(slot: SlotDefinition, reading: Reading): FoundSlot | undefined {
  for (const rule of slot.extraction_rules ?? []) {
    const found = apply(rule, reading)
    if (found !== undefined) return found
  }
  return undefined
}
