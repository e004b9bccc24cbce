import { describe, expect, it } from 'vitest'
import type { ExtractionRule, SlotDefinition } from '../src/catalog/slot.ts'
import { createEntityFinder } from '../src/recognise/entities.ts'
import { keywordsOf } from '../src/recognise/extraction-rules.ts'
import { read } from '../src/recognise/reading.ts'
import { findSlots } from '../src/recognise/slots.ts'
import { saturday } from './setup.ts'

const find = createEntityFinder([
  {
    entity_type_code: 'city',
    entities: {
      上海: {
        id: 1,
        entity_value: '上海',
        canonical_form: '上海市',
        aliases: ['魔都'],
        confidence_weight: 1,
      },
    },
    total_entities: 1,
    last_updated: '2026-11-21T00:00:00.000Z',
  },
])

function slot(rules: readonly ExtractionRule[], more: Partial<SlotDefinition> = {}): SlotDefinition {
  return {
    slot_name: 'wish',
    slot_type: 'TEXT',
    is_required: true,
    validation_rules: {},
    prompt_template: '？',
    extraction_rules: [...rules],
    ...more,
  }
}

const found = (definition: SlotDefinition, text: string): string | undefined =>
  findSlots({ slots: [definition] }, read(text, find, saturday))['wish']?.normalized_value

describe('the extraction rules of a slot (row A23)', () => {
  it('take the first group of a regular expression, or all of it', () => {
    const rule = { rule_type: 'regex' as const, pattern: '工号([0-9]{4})|[A-Z]{2}[0-9]{3}', priority: 1 }
    expect(found(slot([rule]), '我的工号1234，谢谢')).toBe('1234')
    expect(found(slot([rule]), 'project ab123 please')).toBe('ab123')
    expect(found(slot([rule]), '没有')).toBeUndefined()
  })

  it('take the value that a keyword stands for, Latin words whole', () => {
    const pattern = '靠窗, 窗边, window seat = 靠窗; 过道, aisle = 过道；随便'
    const rule = { rule_type: 'keyword' as const, pattern, priority: 1 }
    expect(found(slot([rule]), '我要坐窗边')).toBe('靠窗')
    expect(found(slot([rule]), 'An Aisle seat')).toBe('过道')
    expect(found(slot([rule]), 'the aisles')).toBeUndefined()
    expect(found(slot([rule]), '随便吧')).toBe('随便')
    expect(keywordsOf(' ; = x ')).toEqual([])
  })

  it('look in the dictionary that an entity rule names', () => {
    const rule = { rule_type: 'entity' as const, pattern: 'city', priority: 1 }
    expect(found(slot([rule]), '在魔都办')).toBe('上海')
  })

  it('are tried in their order, and go before what the slot finds by itself', () => {
    const rules = [
      { rule_type: 'regex' as const, pattern: '共([0-9]+)', priority: 9 },
      { rule_type: 'regex' as const, pattern: '([0-9]+)', priority: 1 },
    ]
    expect(found(slot(rules), '3个人共200')).toBe('200')
    expect(found(slot(rules), '3个人')).toBe('3')
    const own = slot([{ rule_type: 'keyword', pattern: '总部 = 北京', priority: 1 }], { entity_type: 'city' })
    expect(found(own, '从总部去上海')).toBe('北京')
    expect(found(own, '去上海')).toBe('上海')
  })

  it('find nothing by a pattern that is none: the administration refuses it, a row may have it', () => {
    expect(found(slot([{ rule_type: 'regex', pattern: '(', priority: 1 }]), '(')).toBeUndefined()
    expect(found(slot([{ rule_type: 'api_call', pattern: 'x', priority: 1 }]), 'x')).toBeUndefined()
  })
})
