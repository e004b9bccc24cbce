import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '@reprise/database'
import { readSeed } from '../src/seed/files.ts'
import { type SeedProgress, loadSeed } from '../src/seed/load.ts'
import { migrateAssistant } from '../src/seed/migrations.ts'
import { seedStatements } from '../src/seed/statements.ts'

const tables = Object.keys(seedStatements)
let database: Database

async function dump(): Promise<Record<string, unknown>> {
  const rows: Record<string, unknown> = {}
  for (const table of [...tables, 'seed_marks']) {
    rows[table] = (await database.query(`SELECT row_to_json(t)::text AS row FROM ${table} t ORDER BY 1`)).rows
  }
  return rows
}

beforeAll(async () => {
  database = await openDatabase()
})
afterAll(() => database.close())

// The tests of this group go on from one another, as the life of one database does.
describe('loadSeed', () => {
  it('fills every table of a new database and tells of each', async () => {
    const { applied } = await migrateAssistant(database)
    const files = readdirSync(new URL('../migrations/', import.meta.url))
    expect(applied).toHaveLength(files.length)
    const told: SeedProgress[] = []
    const sum = await loadSeed(database, { onProgress: (progress) => told.push(progress) })
    expect(told.map(({ table }) => table)).toEqual(tables)
    expect(told.filter(({ inserted, total }) => inserted !== total || total === 0)).toEqual([])
    expect(sum).toBe(told.reduce((count, { total }) => count + total, 0))
  })

  it('changes nothing the second time', async () => {
    const before = await dump()
    expect((await migrateAssistant(database)).applied).toEqual([])
    expect(await loadSeed(database)).toBe(0)
    expect(await dump()).toEqual(before)
  })

  it('leaves alone what an operator changed, and does not bring back what he removed', async () => {
    await database.query(
      `UPDATE intents SET confidence_threshold = 0.95 WHERE intent_name = 'booking_flight'`,
    )
    await database.query(`DELETE FROM intents WHERE intent_name = 'booking_train'`)
    await database.query(`DELETE FROM entity_dictionary WHERE entity_value = '台北'`)
    const before = await dump()
    expect(await loadSeed(database)).toBe(0)
    expect(await dump()).toEqual(before)
  })

  it('adds what a later seed has more', async () => {
    const seed = await readSeed()
    const [cities, ...others] = seed.dictionaries
    if (cities === undefined) throw new Error('no dictionaries')
    const zunyi = {
      entity_value: '遵义',
      canonical_form: '遵义市',
      aliases: ['遵义'],
      metadata: {},
      confidence_weight: 1,
    }
    const later = {
      ...seed,
      dictionaries: [{ ...cities, entities: [...cities.entities, zunyi] }, ...others],
    }
    expect(await loadSeed(database, { seed: later })).toBe(1)
    expect(await loadSeed(database, { seed: later })).toBe(0)
  })

  it('does not overwrite a row that was there before the seed', async () => {
    const other = await openDatabase()
    await migrateAssistant(other)
    await other.query(
      `INSERT INTO intents (intent_name, display_name, priority) VALUES ('cancel', '我的取消', 99)`,
    )
    await loadSeed(other)
    const { rows } = await other.query(
      `SELECT display_name, priority FROM intents WHERE intent_name = 'cancel'`,
    )
    expect(rows).toEqual([{ display_name: '我的取消', priority: 99 }])
    await other.close()
  })

  it('inserts nothing at all when one part of a seed cannot be', async () => {
    const seed = await readSeed()
    const [first] = seed.intents
    const [slot] = first?.slots ?? []
    if (first === undefined || slot === undefined) throw new Error('no slots')
    const broken = {
      ...seed,
      users: seed.users.map((user) => ({ ...user, user_id: 'not seeded' })),
      intents: [
        {
          ...first,
          intent_name: 'new_one',
          slots: [{ ...slot, entity_type: 'no_such_type' }],
          dependencies: [],
        },
      ],
    }
    const before = await dump()
    await expect(loadSeed(database, { seed: broken })).rejects.toThrow('slots_entity_type_fkey')
    expect(await dump()).toEqual(before)
    const unknown = {
      ...broken,
      intents: [
        {
          ...first,
          slots: [{ ...slot, validation_rules: { allowed_values: { dictionary: 'planets' } } }],
        },
      ],
    }
    await expect(loadSeed(database, { seed: unknown })).rejects.toThrow(
      'booking_flight/departure_city of the seed allows the values of dictionary "planets"',
    )
  })
})
