import type { DataOf, Routes } from '@reprise/api'
import { useTranslations } from 'use-intl'
import type { Tone } from '../controls/badge.tsx'
import { useFormats } from '../figures/use-formats.ts'

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

/** Why the advice is what it is, in the language of the page. */
export function useReason(given: Advice): string {
  const t = useTranslations('spaces')
  const formats = useFormats()
  const length = (seconds: number | null): string =>
    seconds === null ? '–' : formats.duration(seconds * 1000)
  return t(`why-${given.advice}`, {
    entries: formats.count(given.entries),
    unread: formats.share(given.never_read),
    age: length(given.last_hit_age_p95_seconds),
    ttl: length(given.ttl_seconds),
    suggested: length(given.suggested_ttl_seconds),
  })
}
