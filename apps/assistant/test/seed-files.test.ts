import { mkdtemp, cp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readSeed, seedDirectory } from '../src/seed/files.ts'

const seed = await readSeed()
const chinese = /[\u4e00-\u9fa5]/

describe('the seed files', () => {
  it('have the intents with their thresholds and priorities', () => {
    expect(
      Object.fromEntries(
        seed.intents.map((intent) => [intent.intent_name, [intent.confidence_threshold, intent.priority]]),
      ),
    ).toEqual({
      booking_flight: [0.8, 10],
      booking_hotel: [0.8, 9],
      booking_train: [0.8, 9],
      check_balance: [0.75, 8],
      cancel: [0.85, 15],
      postpone: [0.8, 12],
      reject: [0.82, 11],
      small_talk: [0.7, 5],
      information_query: [0.75, 7],
      expense_report: [0.8, 8],
      out_of_scope: [0.7, 0],
    })
  })

  it.each(seed.intents)(
    'give $intent_name examples in both languages, none of them another’s but those that need a question',
    (intent) => {
      expect(intent.examples.zh.length).toBeGreaterThanOrEqual(12)
      expect(intent.examples.en.length).toBeGreaterThanOrEqual(8)
      for (const example of intent.examples.zh) expect(example).toMatch(chinese)
      for (const example of intent.examples.en) expect(example).not.toMatch(chinese)
      const all = seed.intents.flatMap(({ examples }) => [...examples.zh, ...examples.en])
      const lower = all.map((example) => example.toLowerCase())
      const shared = lower.filter((example, index) => lower.indexOf(example) !== index)
      // A ticket may be for a flight or a train: the assistant asks which.
      for (const example of shared) expect(example).toMatch(/票|ticket/)
      expect(shared).toHaveLength(9)
    },
  )

  it.each(seed.intents)('ask for every slot of $intent_name in both languages', (intent) => {
    for (const slot of intent.slots) {
      expect(slot.prompt_template).toMatch(chinese)
      expect(slot.prompt_template_en).not.toMatch(chinese)
    }
    const names = intent.slots.map(({ slot_name }) => slot_name)
    for (const { parent_slot, dependent_slot } of intent.dependencies) {
      expect(names).toEqual(expect.arrayContaining([parent_slot, dependent_slot]))
    }
    const mapped = Object.keys(intent.function_call?.param_mapping ?? {})
    expect([...names, 'user_id']).toEqual(expect.arrayContaining(mapped))
    expect(intent.function_call?.params.map(({ name }) => name).toSorted() ?? []).toEqual(
      Object.values(intent.function_call?.param_mapping ?? {}).toSorted(),
    )
  })

  it('have 50 cities that the slots’ pattern accepts', () => {
    const cities = seed.dictionaries.find(({ type_code }) => type_code === 'city')?.entities ?? []
    expect(cities).toHaveLength(50)
    for (const { entity_value } of cities) expect(entity_value).toMatch(/^[\u4e00-\u9fa5]{2,10}$/)
    const beijing = cities.find(({ entity_value }) => entity_value === '北京')
    expect(beijing?.canonical_form).toBe('北京市')
    expect(beijing?.aliases).toEqual(['北京', '京城', '首都', 'BJ', '帝都', 'Beijing', 'Peking'])
  })

  it.each(seed.dictionaries)('give no two entities of $type_code one alias or code', ({ entities }) => {
    const aliases = entities.flatMap((entity) => entity.aliases.map((alias) => alias.toLowerCase()))
    expect(aliases.filter((alias, index) => aliases.indexOf(alias) !== index)).toEqual([])
    const codes = entities.flatMap(({ metadata }) => metadata['code'] ?? [])
    expect(new Set(codes).size).toBe(codes.length)
    for (const entity of entities) expect(entity.aliases).toContain(entity.entity_value)
  })

  it('have 14 response types and 14 statuses whose transitions exist', () => {
    expect(seed.responses).toHaveLength(14)
    expect(seed.statuses).toHaveLength(14)
    const codes = seed.statuses.map(({ status_code }) => status_code)
    for (const status of seed.statuses) {
      expect(codes).toEqual(expect.arrayContaining(status.next_allowed_status))
    }
    const dead = seed.statuses.filter((status) => status.next_allowed_status.length === 0)
    expect(dead).toEqual(seed.statuses.filter((status) => status.is_final))
  })

  it('name their variables in the prompts', () => {
    for (const prompt of seed.prompts) {
      const used = [...prompt.content.matchAll(/\$\{([a-z_]+)\}/g)].map((match) => match[1])
      expect(new Set(used)).toEqual(new Set(prompt.variables))
    }
  })

  it('are refused with the file and field that is wrong', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'reprise-seed-'))
    await cp(seedDirectory, folder, { recursive: true })
    const directory = pathToFileURL(`${folder}/`)
    await writeFile(join(folder, 'users.yaml'), '- user_id: 7\n  prefs: {}\n')
    await expect(readSeed(directory)).rejects.toThrow(/users\.yaml: 0\.user_id: .*prefs/s)
    await writeFile(join(folder, 'users.yaml'), '- [')
    await expect(readSeed(directory)).rejects.toThrow('users.yaml cannot be read as YAML')
    await rm(folder, { recursive: true })
  })
})
