import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '@reprise/database'
import { openSeeded } from './seed-database.ts'

let database: Database
beforeAll(async () => {
  database = await openSeeded()
})
afterAll(() => database.close())

const slotId = (intent: string, slot: string): string =>
  `(SELECT s.id FROM slots s JOIN intents i ON i.id = s.intent_id WHERE i.intent_name = '${intent}' AND s.slot_name = '${slot}')`
const dependency = (parent: string, dependent: string): string =>
  `INSERT INTO slot_dependencies (intent_id, parent_slot_id, dependent_slot_id, dependency_type)
   VALUES ((SELECT id FROM intents WHERE intent_name = 'booking_flight'), ${parent}, ${dependent}, 'required')`

describe('the tables', () => {
  it('keep a dependency within its intent, between two slots', async () => {
    const flight = slotId('booking_flight', 'departure_city')
    await expect(database.query(dependency(flight, flight))).rejects.toThrow('check')
    await expect(
      database.query(dependency(flight, slotId('booking_hotel', 'check_in_date'))),
    ).rejects.toThrow('foreign key')
    await database.query(dependency(flight, slotId('booking_flight', 'departure_date')))
  })

  it('keep one row for each turn and one value for each slot of it', async () => {
    await database.query(
      `INSERT INTO sessions (session_id, user_id, expires_at) VALUES ('sess_1', 'u1', now() + interval '1 hour')`,
    )
    const turn = `INSERT INTO conversations (session_id, turn, user_input, system_response, response_type, status)
      VALUES ('sess_1', 1, '北京', '好的', 'slot_prompt', 'slot_filling')`
    await database.query(turn)
    await expect(database.query(turn)).rejects.toThrow('unique')
    const value = `INSERT INTO slot_values (conversation_id, slot_id, original_text, extracted_value, normalized_value, extraction_method)
      SELECT c.id, ${slotId('booking_flight', 'departure_city')}, '北京', '"北京"', '"北京"', 'dictionary' FROM conversations c`
    await database.query(value)
    await expect(database.query(value)).rejects.toThrow('unique')
    const { rows } = await database.query('SELECT extracted_value FROM slot_values')
    expect(rows).toEqual([{ extracted_value: '北京' }])
  })

  it('lose what belongs to an intent or a session with it', async () => {
    await database.query(`DELETE FROM sessions WHERE session_id = 'sess_1'`)
    await database.query(`DELETE FROM intents WHERE intent_name = 'booking_flight'`)
    const left = async (table: string): Promise<number> =>
      (await database.query(`SELECT 1 FROM ${table}`)).rowCount
    expect([await left('conversations'), await left('slot_values')]).toEqual([0, 0])
    const { rows } = await database.query<{ function_name: string }>(
      'SELECT function_name FROM function_calls',
    )
    expect(rows.map(({ function_name }) => function_name)).not.toContain('book_flight_api')
  })
})
