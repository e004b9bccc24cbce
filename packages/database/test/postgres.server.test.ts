import { afterAll } from 'vitest'
import { openDatabase } from '../src/index.ts'
import { databaseSuite } from './database-suite.ts'
import { createTestSchema } from './postgres-schema.ts'

const schema = await createTestSchema('database_postgres')
databaseSuite(() => openDatabase({ url: schema.url }))
afterAll(schema.drop)
