import type { IntentConfig } from '../catalog/intent.ts'
import type { SlotDefinition } from '../catalog/slot.ts'
import { roleOf } from '../recognise/slots.ts'

const change =
  /改|换|不对|不是|错|有误|重新|重选|调整|\b(?:change|wrong|different|another|edit|update|modify|incorrect|not right)\b/

const byRole = {
  departure: /出发地|起点|始发|origin|departure city|from where/,
  arrival: /目的地|终点|到达地|destination/,
}
const byType: Readonly<Partial<Record<SlotDefinition['slot_type'], RegExp>>> = {
  DATE: /日期|日子|哪天|时间|\b(?:date|day)\b/,
  TIME: /时间|几点|\btime\b/,
}

function names(slot: SlotDefinition, text: string): number {
  const own = [slot.display_name, slot.display_name_en].some(
    (name) => name !== undefined && text.includes(name.toLowerCase()),
  )
  if (own) return 3
  const role = roleOf(slot.slot_name)
  if (slot.slot_type !== 'DATE' && role !== undefined && byRole[role].test(text)) return 2
  return byType[slot.slot_type]?.test(text) === true ? 1 : 0
}

/**
 * The slot that a message wants to change without saying to what: 日期不对, 换个目的地, change the date. `asked` when the
 * assistant just asked what to change, so that the name alone is enough.
 */
export function findNamedSlot(
  intent: IntentConfig,
  message: string,
  asked: boolean,
): SlotDefinition | undefined {
  const text = message.normalize('NFKC').toLowerCase()
  if (!asked && !change.test(text)) return undefined
  const ranked = intent.slots
    .map((slot) => ({ slot, score: names(slot, text) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
  return ranked[0]?.slot
}
