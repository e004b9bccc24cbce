import type { DataOf, Routes } from '@reprise/api'
import type { Tone } from '../controls/badge.tsx'

/** What to do about the TTL of a space. */
export type Advice = DataOf<Routes['ttlAdvice']>['items'][number]

/** How each advice is coloured; one that asks for nothing is plain. */
export const adviceTones: Readonly<Record<Advice['advice'], Tone>> = {
  shorter: 'warn',
  longer: 'accent',
  keep: 'good',
  'more-memory': 'warn',
  unread: 'warn',
  'not-enough': 'plain',
}
