const digits = new Map(
  Array.from('零〇一二三四五六七八九', (digit, index) => [digit, Math.max(0, index - 1)]),
)
digits.set('两', 2)

/** A source for regular expressions: a whole number of at most three places in Arabic or Chinese digits. */
export const numeral = '(?:\\d{1,3}|[一二三四五六七八九]?十[一二三四五六七八九]?|[零〇一二两三四五六七八九])'

const englishWords = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']

/** The number that a `numeral` or a small English number word stands for; undefined when it is neither. */
export function readNumeral(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text)
  if (text === 'a' || text === 'an') return 1
  const word = englishWords.indexOf(text)
  if (word >= 0) return word
  const [tens, units, ...rest] = text.split('十')
  if (tens === undefined || rest.length > 0) return undefined
  if (units === undefined) return digits.get(tens)
  const high = tens === '' ? 1 : digits.get(tens)
  const low = units === '' ? 0 : digits.get(units)
  return high === undefined || low === undefined ? undefined : high * 10 + low
}
