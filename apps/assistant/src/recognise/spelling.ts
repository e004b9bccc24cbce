import type { Knowledge } from './recogniser.ts'

/** Sets misspelt Latin words of a lower-case sentence right. */
export type Speller = (sentence: string) => string

// Dates are not in the knowledge, and `tomorow` is.
const calendarWords =
  'today tomorrow tonight yesterday monday tuesday wednesday thursday friday saturday sunday weekend january february march april june july august september october november december morning afternoon evening after'

/** Words that are nearly words of ours, and are right as they are. */
const innocent = new Set(
  'plant plants plain planet plans plan light fight flights trained training strain rained grain drain brain hotels room rooms broom groom rope book books cook look points point pint paint joint print work world word there their where were three these those which while would could should about above again could really being going doing coming every never ever other another mother brother'.split(
    ' ',
  ),
)
const shortest = 5
/** A wrong letter is only forgiven in words that are long enough to be told apart. */
const longEnough = 6

/** Whether one missing, added or swapped letter, or in a long word a wrong one, makes one of the other. */
function isNear(word: string, other: string): boolean {
  const difference = word.length - other.length
  if (Math.abs(difference) > 1 || word[0] !== other[0]) return false
  let start = 0
  while (start < word.length && word[start] === other[start]) start += 1
  const rest = (text: string, skipped: number): string => text.slice(start + skipped)
  if (difference === 1) return rest(word, 1) === rest(other, 0)
  if (difference === -1) return rest(word, 0) === rest(other, 1)
  const swapped = word[start] === other[start + 1] && word[start + 1] === other[start]
  if (swapped && rest(word, 2) === rest(other, 2)) return true
  return word.length >= longEnough && rest(word, 1) === rest(other, 1)
}

/**
 * Makes a speller from the words of dictionaries and examples: a word of five letters or more that is none of them, and
 * near to exactly one, is that one. `flihgt` is a flight and `Bejing` is Beijing; words of other topics stay.
 */
export function createSpeller(knowledge: {
  readonly dictionaries: Knowledge['dictionaries']
  readonly intents: readonly { readonly examples: readonly string[] }[]
}): Speller {
  const { dictionaries, intents } = knowledge
  const texts = [
    calendarWords,
    ...dictionaries.flatMap(({ entities }) => Object.values(entities).flatMap(({ aliases }) => aliases)),
    ...intents.flatMap(({ examples }) => examples),
  ]
  const words = new Set(texts.flatMap((text) => text.toLowerCase().match(/[a-z]{3,}/g) ?? []))
  const byFirst = new Map<string, string[]>()
  for (const word of words) {
    const first = word.charAt(0)
    byFirst.set(first, [...(byFirst.get(first) ?? []), word])
  }
  return (sentence) =>
    sentence.replaceAll(/(?<![a-z])[a-z]{5,}(?![a-z'])/g, (word) => {
      if (word.length < shortest || words.has(word) || innocent.has(word)) return word
      const near = (byFirst.get(word.charAt(0)) ?? []).filter(
        (other) => other.length >= 4 && isNear(word, other),
      )
      return near.length === 1 ? (near[0] ?? word) : word
    })
}
