import type { Language } from './language.ts'

/** The sentences that are the assistant's own, in one language; those of an intent are in its configuration. */
export interface Phrases {
  readonly notDate: (value: string) => string
  readonly outOfWindow: (value: string, earliest?: string, latest?: string) => string
  readonly notNumber: (value: string) => string
  readonly outOfRange: (value: string, least: number, most: number) => string
  readonly notAllowed: (label: string, value: string) => string
  readonly choices: (values: readonly string[]) => string
  readonly notFitting: (label: string, value: string) => string
  readonly sameCity: (value: string) => string
  readonly ask: (label: string) => string
  readonly noted: (values: readonly (readonly [string, string])[]) => string
  /** Everything is known; nothing has been done yet, and the sentence says so. */
  readonly complete: (intent: string, values: readonly (readonly [string, string])[]) => string
  readonly notUnderstood: (examples: readonly string[]) => string
  readonly notUnderstoodSlot: string
  readonly noAnswer: (intent: string) => string
}

const zhPairs = (values: readonly (readonly [string, string])[]): string =>
  values.map(([label, value]) => `${label}为${value}`).join('，')
const enPairs = (values: readonly (readonly [string, string])[]): string =>
  values.map(([label, value]) => `${label} ${value}`).join(', ')

const zh: Phrases = {
  notDate: (value) => `“${value}”不是我能识别的日期，请说例如“明天”或“2026-12-01”。`,
  outOfWindow: (value, earliest, latest) =>
    `日期 ${value} 不在可选范围内，请选择${earliest === undefined ? '' : ` ${earliest} 起`}${latest === undefined ? '' : ` ${latest} 止`}的日期。`,
  notNumber: (value) => `“${value}”不是数字，请重新告诉我。`,
  outOfRange: (value, least, most) => `${value} 超出范围（${least} 到 ${most}），请重新告诉我。`,
  notAllowed: (label, value) => `${label}“${value}”暂不支持。`,
  choices: (values) => `可选：${values.join('、')}等。`,
  notFitting: (label, value) => `${label}“${value}”格式不正确，请重新告诉我。`,
  sameCity: (value) => `出发城市和到达城市不能都是“${value}”，请换一个。`,
  ask: (label) => `请告诉我${label}。`,
  noted: (values) => (values.length === 0 ? '好的。' : `好的，${zhPairs(values)}。`),
  complete: (intent, values) =>
    `${intent}的信息已经齐全${values.length === 0 ? '' : `：${zhPairs(values)}`}。尚未提交，请确认。`,
  notUnderstood: (examples) =>
    `抱歉，我没有理解您的意思。${examples.length === 0 ? '' : `您可以说：${examples.map((text) => `“${text}”`).join('、')}。`}`,
  notUnderstoodSlot: '抱歉，我没有理解。',
  noAnswer: (intent) => `好的，我明白您想${intent}。`,
}

const en: Phrases = {
  notDate: (value) => `I cannot read "${value}" as a date; say for example "tomorrow" or "2026-12-01".`,
  outOfWindow: (value, earliest, latest) =>
    `The date ${value} is out of range: choose one${earliest === undefined ? '' : ` from ${earliest}`}${latest === undefined ? '' : ` until ${latest}`}.`,
  notNumber: (value) => `"${value}" is not a number, please tell me again.`,
  outOfRange: (value, least, most) => `${value} is out of range (${least} to ${most}), please tell me again.`,
  notAllowed: (label, value) => `The ${label} "${value}" is not available.`,
  choices: (values) => ` Choose for example ${values.join(', ')}.`,
  notFitting: (label, value) => `The ${label} "${value}" does not look right, please tell me again.`,
  sameCity: (value) => `Departure and arrival cannot both be "${value}", please change one.`,
  ask: (label) => `Please tell me the ${label}.`,
  noted: (values) => (values.length === 0 ? 'All right.' : `All right, ${enPairs(values)}.`),
  complete: (intent, values) =>
    `I have everything for ${intent}${values.length === 0 ? '' : `: ${enPairs(values)}`}. Nothing has been submitted yet, please confirm.`,
  notUnderstood: (examples) =>
    `Sorry, I did not understand.${examples.length === 0 ? '' : ` You can say: ${examples.map((text) => `"${text}"`).join(', ')}.`}`,
  notUnderstoodSlot: 'Sorry, I did not understand.',
  noAnswer: (intent) => `All right: ${intent}.`,
}

/** The assistant's own sentences in a language. */
export function phrasesOf(language: Language): Phrases {
  return language === 'en' ? en : zh
}
