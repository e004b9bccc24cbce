// The analysers that need no model: one looks at the words, the other at how the conversation goes as well, and takes
// its time for it as a model would.
import { countWords, moodOf, threeStrategies } from './mood.ts'
import type { Analyser, Findings, MergeStep } from './merge-step.ts'
import { parseScreenshot } from './parse.ts'

type Bubbles = MergeStep['screenshot_parse']['bubbles']

const textsOf = (bubbles: Bubbles): string[] => bubbles.map(({ text }) => text)
const percent = (value: number): number => Math.round(Math.min(100, Math.max(0, value)))

/** The fast analyser: the mood of the words, and how close they are. */
export function createQuickAnalyser(): Analyser {
  return {
    model: 'embedded-quick',
    async analyse(conversation) {
      const { bubbles, participants } = parseScreenshot(conversation)
      const texts = textsOf(bubbles)
      const mood = moodOf(texts)
      const scenario = mood === 'negative' ? 'RECOVERY' : 'SAFE'
      const last = bubbles.at(-1)
      return {
        conversation_analysis: {
          conversation_summary: `${bubbles.length} messages between ${participants.user} and ${participants.target}; the last: ${last?.text.slice(0, 60)}`,
          emotion_state: mood,
          current_intimacy_level: percent(20 + 10 * countWords(texts, 'close')),
        },
        scenario_decision: {
          relationship_state: mood === 'negative' ? 'cooling' : 'ice_breaking',
          recommended_scenario: scenario,
          strategies: threeStrategies(scenario),
        },
      }
    },
  }
}

/** How the fuller analyser waits: so long for each message, and no longer than that. */
export interface Pace {
  /** Waits so many milliseconds, or rejects with the signal's reason. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>
}

const perMessage = 100
const longestWait = 2_000

/** The fuller analyser: who writes how much, what was left unanswered, and where the mood goes. */
export function createFullAnalyser({ wait }: Pace): Analyser {
  return {
    model: 'embedded-full',
    async analyse(conversation, signal) {
      const { bubbles, participants } = parseScreenshot(conversation)
      await wait(Math.min(longestWait, perMessage * bubbles.length), signal)
      return findings(bubbles, participants)
    },
  }
}

function findings(bubbles: Bubbles, participants: MergeStep['screenshot_parse']['participants']): Findings {
  const texts = textsOf(bubbles)
  const theirs = bubbles.filter(({ sender }) => sender === 'talker')
  const half = Math.ceil(bubbles.length / 2)
  const [before, after] = [moodOf(texts.slice(0, half)), moodOf(texts.slice(half))]
  const share = theirs.length / bubbles.length
  const last = bubbles.at(-1)
  const open = last?.sender === 'talker' && /[?？]\s*$/.test(last.text)
  const intimacy = percent(20 + 10 * countWords(texts, 'close') + 30 * Math.min(share, 1 - share) * 2)
  const cooling = after === 'negative' || (before === 'positive' && after !== 'positive') || share < 0.2
  const state = cooling ? 'cooling' : intimacy >= 60 ? 'steady' : intimacy >= 40 ? 'warming' : 'ice_breaking'
  const scenario =
    state === 'cooling'
      ? 'RECOVERY'
      : state === 'steady'
        ? 'RISKY'
        : state === 'warming'
          ? 'BALANCED'
          : 'SAFE'
  const summary = [
    `${bubbles.length} messages, ${theirs.length} of them from ${participants.target}`,
    `the mood goes from ${before} to ${after}`,
    ...(open ? [`${participants.target} waits for an answer: ${last.text.slice(0, 60)}`] : []),
  ]
  return {
    conversation_analysis: {
      conversation_summary: summary.join('; '),
      emotion_state: moodOf(texts),
      current_intimacy_level: intimacy,
    },
    scenario_decision: {
      relationship_state: state,
      recommended_scenario: scenario,
      strategies: threeStrategies(scenario, open ? ['answer the question first'] : []),
    },
  }
}
