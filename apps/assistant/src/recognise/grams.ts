/** A part of a sentence that stands for a kind of thing: the 上海 of a sentence as `<city>`. */
export interface Placeholder {
  readonly kind: string
  readonly start: number
  readonly end: number
}

/** The grams of a sentence with their weights by form alone, before it is known how rare they are. */
export type Grams = ReadonlyMap<string, number>

// They carry no meaning for an intent, and people scatter them anywhere.
const fillers =
  /麻烦您?|请问|请|帮忙|帮我|给我|一下|一张|两张|一个|的话|[的了吗呢吧啊呀哦嘛啦您]|\b(?:please|a|an|the|could you|can you|would you|kindly|just|some|of)\b/g
const unitPattern = /<[a-z_]+>|[a-z]+(?:'[a-z]+)?|\d+|\p{Script=Han}|[^\s]/gu
const weightsByLength = [0.35, 1, 1.1]

function aloneWeight(unit: string): number {
  if (unit.startsWith('<')) return 1.6
  return /^[a-z]/.test(unit) ? 1.2 : (weightsByLength[0] ?? 0)
}

/** The sentence with every placeholder's span written as its kind, such as `订<date>去<city>机票`. */
export function mask(sentence: string, placeholders: readonly Placeholder[]): string {
  let text = ''
  let position = 0
  for (const { kind, start, end } of placeholders.toSorted((a, b) => a.start - b.start)) {
    if (start < position) continue
    text += `${sentence.slice(position, start)} <${kind}> `
    position = end
  }
  return text + sentence.slice(position)
}

/**
 * The grams of a masked sentence: runs of one to three units, a unit being a Chinese character, a Latin word, a number
 * or a placeholder, and for Latin words the three-character pieces that make `tickets` like `ticket`.
 */
export function gramsOf(masked: string): Grams {
  const grams = new Map<string, number>()
  const whole = masked.replace(fillers, ' ')
  const text = whole.trim() === '' ? masked : whole
  for (const clause of text.split(/[,.;:!?，。；：！？、]+/)) {
    const units = (clause.match(unitPattern) ?? []).map((unit) => (/^\d+$/.test(unit) ? '<number>' : unit))
    for (const [index, unit] of units.entries()) {
      const latin = /^[a-z]/.test(unit)
      for (const [more, weight] of weightsByLength.entries()) {
        if (index + more >= units.length) break
        grams.set(units.slice(index, index + more + 1).join(' '), more === 0 ? aloneWeight(unit) : weight)
      }
      if (!latin || unit.length < 4) continue
      const padded = `_${unit}_`
      for (let at = 0; at + 3 <= padded.length; at += 1) grams.set(`~${padded.slice(at, at + 3)}`, 0.25)
    }
  }
  return grams
}
