// What the classifier sees of a sentence: the grams of the masked sentence, where a placeholder weighs most; characters,
// words and their pairs as they were said, which tell 订 from 退订 where a concept is read as one word; which concepts
// stand together; and whether it is a question or a negation, alone and of what: 酒店几点可以办入住 asks about hotels, it
// books none.
import { gramsOf } from './grams.ts'
import type { Reading } from './reading.ts'

/** Features of a sentence with their weights. */
export type Features = ReadonlyMap<string, number>

const placeholderFactor = 3
const wordWeight = 0.5
const formWeight = 1.5
const togetherWeight = 1

const placeholder = /^<[a-z_]+>$/
const unit = /[a-z]+(?:'[a-z]+)?|#|\p{Script=Han}|[?？]/gu
const forms = [
  [
    'question',
    /几|多少|怎么|怎样|如何|吗|什么|谁|哪|能不能|可不可以|是否|多久|多长|\b(?:how|what|who|whom|when|where|which|why|may|must|is|are|am|does|do i|do we|can i|can we|should)\b/,
  ],
  ['negation', /不|没|别|无需|\b(?:not?|don't|doesn't|won't|isn't|aren't|can't|cannot|never|nothing|none)\b/],
] as const

/** The features of a sentence that was read. */
export function featuresOf({ lower, masked }: Pick<Reading, 'lower' | 'masked'>): Features {
  const features = new Map<string, number>()
  for (const [gram, weight] of gramsOf(masked)) {
    features.set(gram, placeholder.test(gram) ? weight * placeholderFactor : weight)
  }
  const words = lower.replace(/\d+/g, '#').match(unit) ?? []
  for (const [index, word] of words.entries()) {
    features.set(`said ${word}`, wordWeight)
    const next = words[index + 1]
    if (next !== undefined) features.set(`said ${word} ${next}`, wordWeight)
  }
  features.set(`begins ${words[0] ?? ''}`, wordWeight)
  features.set(`ends ${words.at(-1) ?? ''}`, wordWeight)
  const kinds = [...new Set(masked.match(/<[a-z_]+>/g))].toSorted()
  for (const [index, kind] of kinds.entries()) {
    for (const other of kinds.slice(index + 1)) features.set(`with ${kind} ${other}`, togetherWeight)
  }
  for (const [form, pattern] of forms) {
    if (!pattern.test(lower)) continue
    features.set(form, formWeight)
    for (const kind of kinds) features.set(`${form} ${kind}`, formWeight)
  }
  return features
}
