// How the answer to a yes-or-no question is read: clause by clause, each matched as a whole. Looking for 是 or 对 inside
// a text takes 不是 and 不对 for a yes; here a clause that is not known in full is no yes, so nothing is ever carried out
// by a sentence that says more than yes. The harmless direction is the default: a yes beside a no is a no.

/** What an answer to "shall I go on?" says; `other` when it is about something else, or not clearly either. */
export type Answer = 'yes' | 'no' | 'cancel' | 'other'

const polite =
  /请问?|麻烦(?:你|您)?|谢谢(?:你|您)?|多谢|[的了吧啊呀哦嘛啦呢哈噢喔]|\b(?:please|thanks|thank you|oh|um|uh)\b/g

const zhYes =
  '(?:嗯|恩|对|是|好|行|可以|没错|没问题|没有问题|没有错|不错|正确|确认|确定|同意|无误|都对|全对|就这样|就这么办|就这么定|这样就行|这样可以|提交|下单|预订|预定|办理|继续|去订|去办|订|买|中|妥|成|ok|okay|yes|不用改|不改|不需要修改|不用修改|无需修改)'
const enYes =
  "(?:yes|yeah|yep|yup|ya|sure|ok|okay|k|right|correct|confirm(?:ed)?|i confirm|i do|that'?s (?:right|correct|fine|good|it)|that is (?:right|correct|fine)|all (?:right|good|correct)|alright|good|great|fine|perfect|exactly|absolutely|definitely|certainly|of course|go ahead|go for it|go on|proceed|do (?:it|that|so)|book (?:it|that)|submit(?: it)?|looks? (?:good|right|fine|correct)|it looks (?:good|right)|sounds good|no problem|no changes?|everything is (?:right|correct|fine))"
const yes = [
  new RegExp(
    `^(?:那|就|都|我|帮我|给我|信息|这样|马上|现在)*${zhYes}+(?:信息|这个|订单|这样|下单|提交|预订|办理)*$`,
  ),
  new RegExp(`^${enYes}(?: ${enYes})*$`),
]

const zhNo =
  /^(?:这|那|都|我|还是|有点|好像|信息|全|也)*(?:不(?:太)?(?:对|是|行|好|可以|能|同意|确认|确定|正确|准确|要这样|是这样|满意|合适|喜欢)|不|没|没有|否|别|错|搞错|弄错|写错|说错|有误|有问题|有错|先别|等等|等一下|慢着)+(?:这样|这个|预订|提交|下单|订|确认)*$/
const enNo =
  /^(?:no|nope|nah|not (?:yet|really|quite|right|correct|that|ok|okay|good|sure)|(?:that|this|it) ?(?:'s|is|looks)? ?(?:not (?:right|correct|ok|what i (?:want|meant|said))|wrong|incorrect)|(?:that|this|it) isn'?t (?:right|correct)|wrong|incorrect|don'?t(?: (?:do|book|submit|confirm) (?:it|that))?|do not(?: (?:do|book|submit|confirm) (?:it|that))?|i (?:don'?t|do not) (?:agree|confirm)|wait|hold on|i disagree)$/

const cancel = [
  /^(?:那|就|我|还是|都|帮我|给我|直接|先)*(?:取消|作废|撤销|退出|算|不订|不定|不买|不要|不用|不办|不去|别订|不想订|不想要|不需要|停止|放弃)+(?:预订|订单|操作|这次|机票|酒店|火车票|这个|它|就行|就好)*$/,
  /^(?:no )?(?:just |please )?(?:cancel|stop|quit|abort|exit|forget|drop|scrap|never ?mind)(?: (?:it|that|this|everything|the (?:booking|order|reservation|whole thing)|about it|my booking))*$/,
]

function readClause(clause: string): Answer {
  if (yes.some((pattern) => pattern.test(clause))) return 'yes'
  if (cancel.some((pattern) => pattern.test(clause))) return 'cancel'
  return zhNo.test(clause) || enNo.test(clause) ? 'no' : 'other'
}

// 58.5 and 1,200 are numbers.
const punctuation = /(?:[;!?~，。；：！？、～…]|[,.:](?!\d))+/

function read(clause: string): Answer | undefined {
  const plain = clause.normalize('NFKC').toLowerCase().replace(polite, ' ').replace(/\s+/g, ' ').trim()
  if (plain === '') return undefined
  return readClause(/\p{Script=Han}/u.test(plain) ? plain.replaceAll(' ', '') : plain)
}

/** Reads an answer to a yes-or-no question; `text` in any case and width. */
export function readAnswer(text: string): Answer {
  const clauses = text.split(punctuation).flatMap((clause) => read(clause) ?? [])
  if (clauses.length === 0) return 'other'
  if (clauses.includes('cancel'))
    return clauses.every((one) => one === 'cancel' || one === 'no') ? 'cancel' : 'other'
  // 确认？ asks back.
  if (clauses.every((one) => one === 'yes')) return /[?？]/.test(text) ? 'other' : 'yes'
  return clauses.includes('no') ? 'no' : 'other'
}

/** What a message says besides yes and no: of 不对，是去广州 the 是去广州; the whole message when it says nothing else. */
export function besidesAnswer(text: string): string {
  const clauses = text.split(punctuation).filter((clause) => {
    const answer = read(clause)
    return answer !== undefined && answer !== 'yes' && answer !== 'no'
  })
  return clauses.length === 0 ? text : clauses.join('，').trim()
}
