import type { MergeStep } from './merge-step.ts'

const words = {
  positive: [
    '哈哈',
    '开心',
    '喜欢',
    '好呀',
    '谢谢',
    '爱',
    '棒',
    'great',
    'love',
    'happy',
    'thanks',
    'haha',
    '😊',
    '❤',
  ],
  negative: ['烦', '讨厌', '累', '难过', '生气', '算了', '别', 'hate', 'sad', 'angry', 'tired', 'no', '😢'],
  close: ['想你', '宝贝', '晚安', '一起', '我们', '抱抱', 'miss you', 'dear', 'together', 'we', 'good night'],
} as const

/** How many words of a kind are in texts; English ones as whole words. */
export function countWords(texts: readonly string[], kind: keyof typeof words): number {
  const all = texts.join('\n').toLowerCase()
  return words[kind].reduce((sum, word) => {
    const parts = /^[a-z ]+$/.test(word)
      ? all.match(new RegExp(`\\b${word}\\b`, 'g'))
      : all.split(word).slice(1)
    return sum + (parts?.length ?? 0)
  }, 0)
}

/** The mood of texts, by the words of either kind. */
export function moodOf(texts: readonly string[]): MergeStep['conversation_analysis']['emotion_state'] {
  const balance = countWords(texts, 'positive') - countWords(texts, 'negative')
  return balance > 0 ? 'positive' : balance < 0 ? 'negative' : 'neutral'
}

const advice: Readonly<Record<MergeStep['scenario_decision']['recommended_scenario'], readonly string[]>> = {
  SAFE: ['ask an open question', 'mirror the last message', 'share something small'],
  BALANCED: ['pick up a detail', 'suggest a common plan', 'make a light joke'],
  RISKY: ['tell a feeling', 'suggest to meet', 'tease kindly'],
  RECOVERY: ['say that you understand', 'apologise shortly', 'leave room for an answer'],
}

/** Exactly three strategies: those that were found first, then those of the scenario. */
export function threeStrategies(
  scenario: MergeStep['scenario_decision']['recommended_scenario'],
  found: readonly string[] = [],
): string[] {
  return [...new Set([...found, ...advice[scenario]])].slice(0, 3)
}
