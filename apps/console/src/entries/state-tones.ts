import type { DataOf, Routes } from '@reprise/api'
import type { Tone } from '../controls/badge.tsx'

/** How an entry stands, in a tier or altogether. */
export type EntryState = DataOf<Routes['entryExplain']>['tiers'][number]['state']

/** How each state of an entry is coloured. */
export const stateTones: Readonly<Record<EntryState, Tone>> = {
  fresh: 'good',
  stale: 'warn',
  fallback: 'warn',
  dead: 'plain',
  absent: 'plain',
  invalidated: 'bad',
  unreadable: 'bad',
  unreachable: 'bad',
}
