import { defineCatalog, defineSpace } from '@reprise/cache'
import { redisShared } from '@reprise/cache/redis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { type TestSchema, createTestSchema } from './postgres-schema.ts'
import { type RedisLine, openRedisLine } from './redis-line.ts'
import { type TestService, bearer, startService } from './start-service.ts'

// Two processes on one Redis and one database. The line of the second to Redis can be cut.

const prefix = `deliveries-${process.pid}`
const notes = defineSpace({ name: 'note', key: 'note:{id}', schema: z.string(), ttl: '1h' })
const catalog = defineCatalog({ prefix, spaces: [notes] })
let schema: TestSchema
let line: RedisLine
let near: TestService
let far: TestService
let token: string
beforeAll(async () => {
  const url = process.env['REPRISE_TEST_REDIS_URL']
  if (url === undefined)
    throw new Error('REPRISE_TEST_REDIS_URL is not set: run `npm test`, which starts Redis')
  schema = await createTestSchema('deliveries')
  line = await openRedisLine(url)
  const start = async (processName: string, redisUrl: string): Promise<TestService> => {
    const shared = redisShared({ prefix, descriptor: 'test', url: redisUrl })
    return startService({ database: await schema.open(), cache: { catalog, shared, processName } })
  }
  near = await start('near', url)
  far = await start('far', line.url)
  token = await near.token('operator')
})
afterAll(async () => {
  await near.stop()
  await far.stop()
  await line.close()
  await schema.drop()
})

async function call(service: TestService, url: string, payload?: object) {
  const method = payload === undefined ? 'GET' : 'POST'
  const options = {
    method,
    url,
    headers: bearer(token),
    ...(payload === undefined ? {} : { payload }),
  } as const
  return (await service.service.app.inject(options)).json().data
}

async function ask(target: object): Promise<string> {
  return (await call(near, '/api/v1/invalidation', target)).invalidation.invalidation_id
}

async function deliveries(id: string, service = near) {
  return call(service, `/api/v1/invalidations/${id}/deliveries`)
}

/** `near applied`, as a service tells it. */
async function states(id: string, service = near): Promise<string[]> {
  const { processes } = await deliveries(id, service)
  return processes.map((one: { process: string; state: string }) => `${one.process} ${one.state}`).toSorted()
}

const soon = { interval: 50 }

test('a process that has lost Redis is behind, by its own word, until it has caught up', async () => {
  const first = await ask({ tags: ['a'] })
  await expect.poll(async () => states(first), soon).toEqual(['far applied', 'near applied'])

  line.cut()
  const second = await ask({ spaces: ['note'] })
  await expect.poll(async () => (await deliveries(second)).status, soon).toBe('completed')
  for (const service of [near, far]) {
    await expect.poll(async () => states(second, service), soon).toEqual(['far pending', 'near applied'])
  }
  const told = await deliveries(second, far)
  expect(told).toMatchObject({ applied: 1, pending: 1, silent: 0, position: { n: expect.any(Number) } })
  const [own] = told.processes
  expect(own).toMatchObject({ process: 'far', own: true, behind: told.position.n - own.position.n })
  expect(own.behind).toBeGreaterThan(0)
  expect(await states(first)).toEqual(['far applied', 'near applied'])

  line.mend()
  for (const service of [near, far]) {
    await expect.poll(async () => states(second, service), soon).toEqual(['far applied', 'near applied'])
  }
})

test('each process tells what it counted, and any of them tells of all', async () => {
  const space = far.cache.open(notes)
  for (let read = 0; read < 3; read += 1) await space.getOrLoad({ id: 'counted' }, async () => 'text')
  // A new place in the log is told within a second, and the figures with it.
  await ask({ tags: ['c'] })
  const told = async () => (await call(near, '/api/v1/processes')).processes as { process: string }[]
  await expect.poll(told, soon).toEqual([
    expect.objectContaining({ process: 'near', own: true, silent: false }),
    expect.objectContaining({
      process: 'far',
      own: false,
      silent: false,
      figures: expect.objectContaining({ hits: 2, misses: 1, loads: 1 }),
    }),
  ])
})

test('who died before is silent; of another era only the newest counts, and only the log can say which that is', async () => {
  const id = await ask({ tags: ['b'] })
  await expect.poll(async () => states(id), soon).toEqual(['far applied', 'near applied'])
  await near.database.query(
    `insert into service_processes (instance, process, log_era, log_n, seen_at)
     select gen_random_uuid(), name, era, 0, now() - quiet::interval
     from service_invalidations, (values ('dead', null, '20 s'), ('lost', 'an older era', '0 s'), ('gone', null, '6 min'))
       as left_over (name, other, quiet), lateral (select coalesce(other, log_era) as era) as eras
     where invalidation_id = $1`,
    [id],
  )
  expect(await states(id)).toEqual(['dead silent', 'far applied', 'lost pending', 'near applied'])
  await near.database.query(
    `update service_invalidations set log_era = 'before' where invalidation_id = $1`,
    [id],
  )
  // What was in the log before it began anew is done for those who have begun anew with it.
  expect(await states(id)).toEqual(['dead applied', 'far applied', 'lost pending', 'near applied'])
  line.cut()
  await expect.poll(async () => states(id, far), soon).toContain('far pending')
  line.mend()
})

test('asked of a process that has lost Redis, it is carried out all the same, and completed once', async () => {
  await near.database.query(`create table completions (invalidation_id text, attempts integer)`)
  await near.database.query(
    `create function note_completion() returns trigger language plpgsql as
     $$ begin insert into completions values (new.invalidation_id, new.attempts); return new; end $$`,
  )
  await near.database.query(
    `create trigger completion after update on service_invalidations for each row
     when (new.status = 'completed') execute function note_completion()`,
  )
  const note = near.cache.open(notes)
  const asked: string[] = []
  for (const id of ['1', '2', '3']) {
    await note.set({ id }, 'old')
    // The far process has a copy in its memory, which it cannot know to be old while it is cut off.
    await expect.poll(async () => far.cache.open(notes).get({ id })).toBe('old')
    line.cut()
    const answer = await call(far, '/api/v1/invalidation', { keys: [note.key({ id })] })
    asked.push(answer.invalidation.invalidation_id)
    const status = async () => (await deliveries(asked.at(-1) as string)).status
    // Whoever claims it: the far one fails and gives it back, until the near one has it or the line is whole again.
    if (id === '1') await expect.poll(status).toBe('completed')
    line.mend()
    await expect.poll(status).toBe('completed')
    expect(await note.get({ id })).toBeUndefined()
    await note.set({ id }, 'new')
    await expect.poll(async () => far.cache.open(notes).get({ id })).toBe('new')
  }
  // One that a process claimed and died over, for longer than a claim lives.
  await near.database.query(
    `insert into service_invalidations (invalidation_id, origin, keys, operator_id, status, attempts, claimed_at)
     values ('left', 'api', array[$1], 'x', 'processing', 1, now() - interval '1 minute')`,
    [note.key({ id: '1' })],
  )
  await ask({ tags: ['anything'] })
  await expect.poll(async () => (await deliveries('left')).status).toBe('completed')
  const { rows } = await near.database.query<{ invalidation_id: string; times: number; attempts: number }>(
    `select invalidation_id, count(*)::integer as times, min(attempts) as attempts from completions
     where invalidation_id = any($1) group by 1`,
    [[...asked, 'left']],
  )
  expect(rows.map(({ times }) => times)).toEqual([1, 1, 1, 1])
  expect(rows.find(({ invalidation_id: id }) => id === 'left')).toMatchObject({ attempts: 2 })
})

test('one that is not carried out is pending everywhere; one that nobody asked for is not found', async () => {
  await near.database.query(
    `insert into service_invalidations (invalidation_id, origin, keys, operator_id, status)
     values ('never', 'api', '{of:nobody}', 'x', 'failed')`,
  )
  expect(await deliveries('never')).toMatchObject({ status: 'failed', position: null, applied: 0 })
  const { statusCode } = await near.service.app.inject({
    url: '/api/v1/invalidations/nobody/deliveries',
    headers: bearer(token),
  })
  expect(statusCode).toBe(404)
})
