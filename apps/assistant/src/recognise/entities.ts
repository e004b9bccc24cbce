import { lowerCase } from './normalise.ts'
import type { Entity, EntityDictionary } from '../catalog/entity.ts'

/** An entity of a dictionary named in a sentence; `end` is exclusive. */
export interface EntityMatch {
  /** The dictionary: `city`. */
  readonly type: string
  /** What slots keep: `北京`. */
  readonly value: string
  /** The full form: `北京市`. */
  readonly canonical: string
  /** What a masked sentence calls it: its type, or the word of a concept. */
  readonly kind: string
  /** 0 to 1. */
  readonly weight: number
  readonly start: number
  readonly end: number
}

/** The dictionary of words that all mean one thing: names of what intents are about, no values of slots. */
export const conceptType = 'concept'

/** The word that a sentence's concepts are masked with, such as `flight`. */
export function conceptOf({ metadata, entity_value: value }: Entity): string {
  const code = metadata?.['code']
  return typeof code === 'string' ? code : value
}

interface Alias extends Omit<EntityMatch, 'start' | 'end'> {
  readonly text: string
}

/** Finds the entities of some dictionaries in a lower-case sentence. */
export type EntityFinder = (sentence: string) => readonly EntityMatch[]

const wordCharacter = /[a-z0-9\u00c0-\u024f]/

function startsInsideWord(sentence: string, position: number): boolean {
  return wordCharacter.test(sentence.charAt(position)) && wordCharacter.test(sentence.charAt(position - 1))
}

function collect(dictionaries: readonly EntityDictionary[]): Map<string, Alias[]> {
  const byFirst = new Map<string, Alias[]>()
  for (const { entity_type_code: type, entities } of dictionaries) {
    for (const [key, entity] of Object.entries(entities)) {
      const texts = [key, entity.entity_value, entity.canonical_form, ...entity.aliases]
      for (const text of new Set(texts.map((alias) => lowerCase(alias.normalize('NFKC').trim())))) {
        if (text === '') continue
        const alias = {
          type,
          value: entity.entity_value,
          canonical: entity.canonical_form,
          kind: type === conceptType ? conceptOf(entity) : type,
          weight: entity.confidence_weight,
          text,
        }
        const first = text.charAt(0)
        byFirst.set(first, [...(byFirst.get(first) ?? []), alias])
      }
    }
  }
  for (const [first, aliases] of byFirst) {
    byFirst.set(
      first,
      aliases.toSorted((a, b) => b.text.length - a.text.length || b.weight - a.weight),
    )
  }
  return byFirst
}

/**
 * Makes a finder of dictionaries and their aliases. The longest alias wins where two begin at one place, the left one
 * where two overlap; Latin aliases match whole words only, so `BJ` is not found in `bjork`, Chinese ones anywhere.
 * A word of two dictionaries is found once for each.
 */
export function createEntityFinder(dictionaries: readonly EntityDictionary[]): EntityFinder {
  const byFirst = collect(dictionaries)
  return (sentence) => {
    const found: EntityMatch[] = []
    let position = 0
    while (position < sentence.length) {
      const start = position
      const here = (byFirst.get(sentence.charAt(start)) ?? []).filter(
        ({ text }) =>
          sentence.startsWith(text, start) &&
          !startsInsideWord(sentence, start) &&
          !startsInsideWord(sentence, start + text.length),
      )
      const longest = here[0]?.text
      const types = new Set<string>()
      for (const { text, ...entity } of here) {
        if (text !== longest || types.has(entity.type)) continue
        types.add(entity.type)
        found.push({ ...entity, start, end: start + text.length })
      }
      position += longest?.length ?? 1
    }
    return found
  }
}
