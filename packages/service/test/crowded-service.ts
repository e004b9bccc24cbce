// A process for the tests of the console: a service with everything that it can show and the reference assistant does not
// have — results, access tokens, alarms, a document, 100,000 entries. It says `token ROLE TOKEN` for each role, then `ready ADDRESS`.
import { createCache, defineCatalog, defineSpace } from '@reprise/cache'
import { openDatabase } from '@reprise/database'
import { openResults } from '@reprise/results'
import { createTokens, openAssistantCache, wechat } from '@reprise/tokens'
import { startStandIn } from '@reprise/tokens/testing'
import { pino } from 'pino'
import { z } from 'zod'
import { createService } from '../src/service.ts'
import { loadSettings } from '../src/settings/settings.ts'
import type { TaskKind } from '../src/tasks/kind.ts'
import { modelCatalogueDocument } from '../src/tasks/workflows/model-catalogue.ts'

const quotes = defineSpace({
  name: 'stock_quote',
  key: 'quote:{market}:{symbol}',
  schema: z.object({ price: z.number() }),
  ttl: '1h',
})
const loaded = loadSettings({ env: process.env, cwd: process.cwd() })
// Any memory is too much: an alarm is on as soon as there is a round.
const rules = { memory_share: { on: 0.000_01, off: 0, for: 0 } }
const settings = { ...loaded, alarms: { ...loaded.alarms, every: 1_000, rules } }
const database = await openDatabase({})
const cache = await createCache({
  catalog: defineCatalog({ prefix: 'crowd', spaces: [quotes] }),
  memory: { maxEntries: 200_000, maxBytes: 512 * 1024 ** 2 },
})
const space = cache.open(quotes)
for (let first = 0; first < 100_000; first += 5_000) {
  await space.setMany(
    Array.from({ length: 5_000 }, (_, n) => ({
      params: { market: 'sh', symbol: String(first + n) },
      value: { price: n },
    })),
  )
}

const results = await openResults({ database, types: { plan: { keep: 10 }, note: { keep: 3 } } })
const site = results.forSite('shop-1')
const plan = (score: number, tone: string) => ({ advice: { tone, steps: ['look', 'ask'] }, score })
const fast = { derivation: { model: 'small', strategy: 'fast' } }
await site.write('plan', 'order 7', plan(60, 'calm'), fast)
await site.write('plan', 'order 7', plan(85, 'warm'), { derivation: { model: 'large', strategy: 'premium' } })
await site.write('plan', 'order 8', plan(70, 'calm'), fast)
await site.begin('note', 'order 9')
await (await site.begin('note', 'order 10')).fail('the model gave no answer')

const platform = await startStandIn()
platform.register({ platform: 'wechat', id: 'wx1', secret: 'the-secret-of-wx1-0123456789' })
const tokens = createTokens({
  cache: await openAssistantCache({ env: {} }),
  providers: [
    wechat({
      apps: { wx1: { secret: 'the-secret-of-wx1-0123456789' } },
      baseUrl: platform.address('wechat'),
    }),
  ],
})
await tokens.get({ channel: 'wechat', appId: 'wx1' })

// Fails the first time, and does it when it is tried again.
const locked = new Set<string>()
const stockTake: TaskKind = {
  name: 'stock-take',
  summary: 'Count what is on the shelves',
  input: z.strictObject({}),
  maxTries: 1,
  async run(_, { id, step }) {
    return step('shelves', async () => {
      if (!locked.has(id)) {
        locked.add(id)
        throw new Error('the shelf is locked')
      }
      return { shelves: 12 }
    })
  },
}

const logger = pino({ level: 'silent' })
const tasks = { kinds: [stockTake], documents: [modelCatalogueDocument({})] }
const service = await createService({ cache, database, settings, results, tokens, tasks, logger })
await service.ensureAdministrator()
await database.query(`insert into service_alarms
  (rule, subject, message, threshold, value, last_value, started_at, ended_at, acknowledged_by)
  values ('log_lag', '', 'the lag behind the log is 12 s, above 10 s', 10, 12, 1.5, now(), now(), 'the-operator')`)
const address = await service.listen()
for (const role of ['viewer', 'operator', 'admin'] as const) {
  await service.users.ensure(`the-${role}`, role)
  console.log(`token ${role} ${await service.issueToken(`the-${role}`)}`)
}
await service.users.ensure('the-bound', 'viewer')
await database.query("update service_users set tenant = 'acme' where username = 'the-bound'")
console.log(`token bound ${await service.issueToken('the-bound')}`)
console.log(`ready ${address}`)
