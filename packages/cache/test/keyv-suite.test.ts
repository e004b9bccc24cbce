/**
 * Keyv's own suite for storage adapters over Reprise. The native SQLite and the coverage tool that it declares and never
 * imports are replaced under `overrides` in the root package.json, so that neither is installed.
 */
import keyvTestSuite, { keyvIteratorTests } from '@keyv/test-suite'
import { Keyv } from 'keyv'
import * as vitest from 'vitest'
import { createCache, defineCatalog } from '../src/index.ts'
import { keyvAdapter, keyvSpace } from '../src/keyv-adapter/index.ts'

const catalog = defineCatalog({ prefix: 'app', spaces: [keyvSpace({ ttl: '1d' })] })
const cache = await createCache({ catalog, sweepEvery: 0 })
vitest.afterAll(() => cache.close())

keyvTestSuite(vitest, Keyv, () => keyvAdapter(cache))
keyvIteratorTests(vitest, Keyv, () => keyvAdapter(cache))
