import { assert, boolean, constantFrom, property } from 'fast-check'
import { expect, test } from 'vitest'
import { besidesAnswer, readAnswer } from '../src/dialogue/answer.ts'

test.each([
  '确认',
  '是',
  '是的',
  '对',
  '对的',
  '对对对',
  '好',
  '好的',
  '好的好的',
  '嗯嗯',
  '可以',
  '可以的',
  '没错',
  '没问题',
  '没有问题',
  '不错',
  '行吧',
  '正确',
  '确定',
  '同意',
  '就这样',
  '确认预订',
  '确认无误',
  '信息无误',
  '提交',
  '下单吧',
  '帮我订吧',
  '嗯，没错，提交吧',
  'ＯＫ',
  'OK！',
  '好的，谢谢',
  '请确认下单',
  '不用改，确认',
  'yes',
  'Yes!',
  'Yes, please',
  'yep',
  'ok',
  'sure, go ahead',
  "that's right",
  'correct',
  'confirm',
  'Looks good, thanks',
  'sounds good',
  'book it',
  'of course',
  'no problem',
])('%s is a yes', (text) => {
  expect(readAnswer(text)).toBe('yes')
})

test.each([
  '不对',
  '不是',
  '不是的',
  '不可以',
  '不行',
  '不好',
  '不同意',
  '不确认',
  '不正确',
  '错了',
  '有误',
  '不',
  '没有',
  '否',
  '还是不对',
  '这不对',
  '不对，错了',
  '好像不对',
  '先别',
  'no',
  'No!',
  'nope',
  'not right',
  "that's wrong",
  'that is not right',
  'incorrect',
  'not yet',
  "no, that's not right",
  "don't",
  'do not book it',
  'wait',
  '对，不对',
  'yes, no',
])('%s is a no', (text) => {
  expect(readAnswer(text)).toBe('no')
})

test.each([
  '取消',
  '取消吧',
  '算了',
  '算了，不订了',
  '不要了',
  '不订了',
  '我不想订了',
  'cancel',
  'never mind',
  'please cancel it',
  'forget it',
])('%s is an end', (text) => {
  expect(readAnswer(text)).toBe('cancel')
})

test.each([
  '',
  '？',
  '北京',
  '明天',
  '是不是明天',
  '对不起',
  '好贵',
  '好的，不过我想问一下价格',
  '可以便宜一点吗',
  '确认一下价格',
  '是去上海吗',
  '不错过这班',
  'yes but tomorrow',
  'is it confirmed',
  'ok but change the date',
  'right now?',
  '对了，我还要订酒店',
  '取消之前先确认',
  '行李',
  '好久不见',
  'booking',
  'cancel? no, book it',
])('%s is neither', (text) => {
  expect(['other', 'no']).toContain(readAnswer(text))
  expect(readAnswer(text)).not.toBe('yes')
})

test('whatever is added to a yes, unless it is a yes itself or polite, takes the yes away', () => {
  const yes = constantFrom('确认', '好的', '对', 'yes', 'ok')
  const more = constantFrom(
    '北京',
    '明天',
    '不对',
    '不',
    '再等等',
    '价格多少',
    'but later',
    'not that one',
    '取消',
  )
  assert(
    property(yes, more, boolean(), (first, second, turned) => {
      expect(readAnswer(turned ? `${second}，${first}` : `${first}，${second}`)).not.toBe('yes')
    }),
  )
})

test('what is said besides an answer is left for recognition', () => {
  expect(besidesAnswer('不对，是去广州')).toBe('是去广州')
  expect(besidesAnswer('No, make it next Friday.')).toBe('make it next Friday')
  expect(besidesAnswer('确认')).toBe('确认')
  expect(besidesAnswer('改成后天')).toBe('改成后天')
})
