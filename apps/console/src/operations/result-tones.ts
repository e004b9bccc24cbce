import type { Tone } from '../controls/badge.tsx'
import type { ItemOf } from '../service/use-list.ts'

/** How each result of an operation is coloured. */
export const resultTones: Readonly<Record<ItemOf<'operations'>['result'], Tone>> = {
  done: 'good',
  failed: 'bad',
  refused: 'warn',
}
