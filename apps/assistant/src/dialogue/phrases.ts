import type { Language } from './language.ts'

/** Labels with values. */
type Pairs = readonly (readonly [string, string])[]

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
  readonly notAfter: (label: string, parent: string) => string
  readonly pairs: (values: Pairs) => string
  readonly noted: (values: Pairs) => string
  /** The summary that a yes is wanted to, where no template says it. */
  readonly confirm: (intent: string, values: string) => string
  readonly which: (choices: string) => string
  readonly whatToChange: string
  readonly first: (intent: string) => string
  readonly several: (intent: string, next: readonly string[]) => string
  readonly next: (intent: string) => string
  readonly resume: (intent: string) => string
  readonly cancelled: (intent: string) => string
  readonly postponed: (intent: string) => string
  readonly nothingOpen: string
  readonly tooMany: (intents: readonly string[]) => string
  readonly done: (intent: string, values: Pairs) => string
  readonly callFailed: (intent: string) => string
  readonly tryAgain: string
  readonly noService: (intent: string) => string
  readonly notUnderstood: (examples: readonly string[]) => string
  readonly notUnderstoodSlot: string
  readonly noAnswer: (intent: string) => string
}

const zhPairs = (values: Pairs): string => values.map(([label, value]) => `${label}为${value}`).join('，')
const enPairs = (values: Pairs): string => values.map(([label, value]) => `${label} ${value}`).join(', ')

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
  notAfter: (label, parent) => `${label}要晚于${parent}，请换一天。`,
  pairs: zhPairs,
  confirm: (intent, values) => `请确认${intent}：${values}。`,
  which: (choices) => `请问您想要哪一项？${choices}`,
  whatToChange: '好的，请问要修改哪一项？也可以直接告诉我新的内容，或者说“取消”。',
  first: (intent) => `好的，先为您办理${intent}。`,
  several: (intent, next) => `好的，先办理${intent}，然后办理${next.join('、')}。`,
  next: (intent) => `接下来办理${intent}。`,
  resume: (intent) => `我们继续${intent}：`,
  cancelled: (intent) => `好的，已为您取消${intent}。`,
  postponed: (intent) => `好的，已为您保存${intent}的进度，随时可以继续。`,
  nothingOpen: '现在没有正在办理的事项。',
  tooMany: (intents) => `还有${intents.length}件事没有办完：${intents.join('、')}。请先完成或取消其中一件。`,
  done: (intent, values) => `${intent}已经办好${values.length === 0 ? '' : `：${zhPairs(values)}`}。`,
  callFailed: (intent) => `抱歉，${intent}没有成功。`,
  tryAgain: '回复“确认”可以再试一次，也可以说“取消”。',
  noService: (intent) => `抱歉，${intent}暂时无法办理。`,
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
  notAfter: (label, parent) => `The ${label} must be after the ${parent}, please choose another day.`,
  pairs: enPairs,
  confirm: (intent, values) => `Please confirm your ${intent}: ${values}.`,
  which: (choices) => `Which of these would you like? ${choices}`,
  whatToChange: 'All right, what shall I change? You can tell me the new value, or say "cancel".',
  first: (intent) => `All right, ${intent} first.`,
  several: (intent, next) => `All right, ${intent} first, then ${next.join(', ')}.`,
  next: (intent) => `Next, ${intent}.`,
  resume: (intent) => `Let us go on with the ${intent}:`,
  cancelled: (intent) => `All right, ${intent} is cancelled.`,
  postponed: (intent) => `All right, ${intent} is saved. We can go on at any time.`,
  nothingOpen: 'There is nothing open at the moment.',
  tooMany: (intents) =>
    `${intents.length} things are still open: ${intents.join(', ')}. Please finish or cancel one of them first.`,
  done: (intent, values) => `Done: ${intent}${values.length === 0 ? '' : `, ${enPairs(values)}`}.`,
  callFailed: (intent) => `Sorry, the ${intent} did not succeed.`,
  tryAgain: 'Say "yes" to try again, or "cancel".',
  noService: (intent) => `Sorry, ${intent} is not available now.`,
  notUnderstood: (examples) =>
    `Sorry, I did not understand.${examples.length === 0 ? '' : ` You can say: ${examples.map((text) => `"${text}"`).join(', ')}.`}`,
  notUnderstoodSlot: 'Sorry, I did not understand.',
  noAnswer: (intent) => `All right: ${intent}.`,
}

/** The assistant's own sentences in a language. */
export function phrasesOf(language: Language): Phrases {
  return language === 'en' ? en : zh
}
