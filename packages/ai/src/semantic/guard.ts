/**
 * What embeddings see worst: two questions that differ in one number, day or negation are near to each other, and their
 * answers are not. These words are compared as they are. A difference that is none (`3/5/2026` and `May 3, 2026`) costs one
 * call of the model; one that is not seen (names, places, opposites) is what the threshold and the verifier are for.
 */

const months = 'january february March april May june july august september october november december'
const days = 'monday tuesday wednesday thursday friday saturday sunday'
const numbers = 'two three four five six seven eight nine ten eleven twelve'
const relative = ['today', 'tonight', 'tomorrow', 'yesterday', '今天', '明天', '昨天', '后天', '前天']
// "March" and "May" are months with a capital letter only.
const named = new RegExp(
  `${months} ${days} ${numbers}`
    .split(' ')
    .map((word) => `\\b${/^[A-Z]/.test(word) ? word : anyCase(word)}\\b`)
    .join('|'),
  'g',
)
const near = new RegExp(relative.map(anyCase).join('|'), 'g')
const period =
  /\b(?:last|previous|next|this|current)\s+(?:week|month|quarter|year)\b|[上下本这](?:个?[周月]|季度?|星期)|[今明去前]年/gi
const digits = /\d+(?:[.,]\d+)*/g
/** Of several signs, before a measure, or after 周, 期 and 第: one sign alone is in 一下 and 统一, too. */
const chinese =
  /[零一二两三四五六七八九十百千万亿]{2,}|[零一二两三四五六七八九十百千万亿](?=个?[年月日号天点周岁楼章节条位倍台元块季次小])|(?<=[周期第])[一二三四五六七八九十]/g
const negation = /\b(?:not|no|never|without|cannot|except|excluding)\b|n['’]t\b|[不没无未别勿非]|除了/gi
/** 是不是, 有没有: a question, not a negation. */
const either = /(.)[不没]\1/g

/** Whether two questions have the same numbers, days and periods, and as many negations. */
export function sameFigures(asked: string, kept: string): boolean {
  return figuresOf(asked) === figuresOf(kept)
}

function figuresOf(text: string): string {
  const plain = text.normalize('NFKC')
  const all = (pattern: RegExp): string[] => plain.match(pattern) ?? []
  const figures = [
    ...all(digits).map((figure) => figure.replaceAll(/,(?=\d{3}(?!\d))/g, '')),
    ...all(named).map((word) => numberOf(word.toLowerCase())),
    ...all(near).map((word) => word.toLowerCase()),
    ...all(period).map((phrase) =>
      phrase.toLowerCase().replace('previous', 'last').replace('current', 'this'),
    ),
    ...all(chinese).map(chineseNumber),
  ]
  const negations = (plain.replaceAll(either, '$1').match(negation) ?? []).length
  return [...figures.toSorted(), `${negations} negations`].join('\n')
}

function numberOf(word: string): string {
  const index = numbers.split(' ').indexOf(word)
  return index === -1 ? word : String(index + 2)
}

/** Up to 99 as digits, so that 三月 and 3月 are the same. */
function chineseNumber(text: string): string {
  const digit = (sign: string): number => '零一二三四五六七八九'.indexOf(sign === '两' ? '二' : sign)
  if (text.length === 1 && digit(text) >= 0) return String(digit(text))
  const match = /^([一二三四五六七八九]?)十([一二三四五六七八九]?)$/.exec(text)
  if (match === null) return text
  return String(
    (match[1] === '' ? 1 : digit(match[1] as string)) * 10 +
      (match[2] === '' ? 0 : digit(match[2] as string)),
  )
}

function anyCase(word: string): string {
  return word.replaceAll(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`)
}
