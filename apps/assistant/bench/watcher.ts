// The other process of `propagation.ts`: reads one sentence over and over, as a turn does, and tells by its channel when
// its meaning has changed. Arguments: the addresses of Redis and PostgreSQL.
import { createUnderstand } from '../src/dialogue/understand.ts'
import { createLookups } from '../src/dialogue/lookups.ts'
import { createEmbeddedRecogniser } from '../src/recognise/embedded.ts'
import { startMember, steady } from './member.ts'

const [redisUrl = '', databaseUrl = ''] = process.argv.slice(2)
const { cache, database } = await startMember({ redisUrl, databaseUrl })
const now = (): Date => new Date()
const lookups = createLookups(cache, database, now)
const understand = createUnderstand(cache, createEmbeddedRecogniser(), now)
const context = { user_preferences: false, conversation_history: false, business_context: false }

async function meaning(): Promise<string | null> {
  const knowledge = await lookups.knowledge()
  const request = { text: '查余额', knowledge, now: new Date(), timezone: 'Asia/Shanghai' }
  return (await understand(request, 'watcher', context)).intent?.intent_name ?? null
}

let last = await meaning()
process.once('disconnect', () => process.exit())
process.send?.({ meaning: last, at: steady() })
for (;;) {
  const heard = await meaning()
  if (heard !== last) process.send?.({ meaning: heard, at: steady() })
  last = heard
  // What other processes say is heard between two readings.
  await new Promise((resolve) => setTimeout(resolve, 1))
}
