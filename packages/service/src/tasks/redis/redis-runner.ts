// The gate is the truth, BullMQ carries what it has let through. They are two steps, so either may be done without the
// other, and each is repeatable:
//   let through, not added    the claim is not begun within a lease: a sweep names it, and it is added then
//   added twice               one job: its id is the task's and its attempt's
//   taken twice (BullMQ's own recovery of stalled jobs)   the gate lets a claim begin once
//   worker dead               the lease of the run ends, and the task is let through again under the next attempt
import { isClusterNode } from '@reprise/cache/redis'
import type { RedisOptions } from 'ioredis'
import { coalesce } from '../coalesce.ts'
import { TaskError } from '../errors.ts'
import type { Delivery, TaskRunner } from '../runner.ts'
import { type GateOptions, readGateSettings } from '../settings.ts'
import { redisGate } from './redis-gate.ts'
import type { TaskRedis } from './scripts.ts'

/** What a runner on Redis is made with. */
export interface RedisRunnerOptions extends GateOptions {
  /** The catalog's prefix: keys begin with it in braces, so that all are in one slot of a Cluster. */
  readonly prefix: string
  /** `redis://user:password@host:port/db`. */
  readonly url?: string
  /** Opens a client with these options, for a Cluster or Sentinels. @default one to `url` */
  readonly connect?: (options: Pick<RedisOptions, 'maxRetriesPerRequest' | 'commandTimeout'>) => TaskRedis
  /** Hears of lost connections. @default nobody */
  readonly onError?: (error: unknown) => void
}

/** Tasks that one step lets through. */
const most = 100
/** The longest that a step of the gate may take, in milliseconds. */
const patience = 5_000

/** Tasks that are kept in Redis or Valkey and carried to workers by BullMQ. @throws E_TASKS_OPTION */
export async function redisRunner(options: RedisRunnerOptions): Promise<TaskRunner> {
  const { url, onError = () => {} } = options
  if (!/^[^{}\s]+$/.test(options.prefix)) {
    throw new TaskError(
      'E_TASKS_OPTION',
      `prefix is ${JSON.stringify(options.prefix)}: give the catalog's prefix, without braces and spaces`,
    )
  }
  if (url === undefined && options.connect === undefined)
    throw new TaskError('E_TASKS_OPTION', 'Neither url nor connect is given: give one')
  const settings = readGateSettings(options)
  const prefix = `{${options.prefix}}`
  const channel = `${prefix}:tasks:cancel`
  // Only who keeps tasks in Redis pays for loading these.
  const [{ Queue, Worker }, { Redis }] = await Promise.all([import('bullmq'), import('ioredis')])
  const { connect = (given) => new Redis(url ?? '', given) } = options
  const client = connect({ maxRetriesPerRequest: 1, commandTimeout: patience })
  client.on('error', onError)
  if (options.connect === undefined && (await isClusterNode(client))) {
    client.disconnect()
    throw new TaskError(
      'E_TASKS_OPTION',
      'url is that of one node of a Cluster, which has only some of the keys: give connect, with a client of the Cluster',
    )
  }
  const gate = redisGate(client, prefix, settings)
  const names = { name: 'ready', prefix: `${prefix}:tasks` }
  const queue = new Queue(names.name, {
    connection: client,
    prefix: names.prefix,
    defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
  })
  queue.on('error', onError)

  const add = async (claims: Awaited<ReturnType<typeof gate.release>>): Promise<void> => {
    if (claims.length === 0) return
    await queue.addBulk(
      claims.map(({ id, attempt }) => ({
        name: 'task',
        data: { id, attempt },
        opts: { jobId: `${id}.${attempt}` },
      })),
    )
  }
  const pump = coalesce(async () => {
    for (let full = true; full;) {
      const claims = await gate.release(most)
      await add(claims)
      full = claims.length === most
    }
  })

  return {
    name: 'redis',
    gate,
    lease: settings.lease,
    wake: pump,
    async announceCancel(id) {
      await client.publish(channel, id)
    },
    async deliver({ concurrency, run, onCancel, onError: failed }): Promise<Delivery> {
      const listener = connect({ maxRetriesPerRequest: null })
      const taker = connect({ maxRetriesPerRequest: null })
      listener.on('error', onError)
      taker.on('error', onError)
      listener.on('message', (_, id) => onCancel(id))
      await listener.subscribe(channel)
      const worker = new Worker<{ id: string; attempt: number }>(
        names.name,
        async ({ data }) => {
          await run(data)
          await pump().catch(failed)
        },
        {
          connection: taker,
          prefix: names.prefix,
          concurrency,
          // The lease of the gate decides; a job that stalls is only offered again, and the gate refuses a second start.
          lockDuration: settings.lease,
          stalledInterval: settings.lease,
          maxStalledCount: 1_000,
          removeOnComplete: { count: 0 },
          removeOnFail: { count: 0 },
        },
      )
      worker.on('error', failed)
      await worker.waitUntilReady()
      return {
        async sweep() {
          const { undelivered } = await gate.sweep()
          await add(undelivered)
          await pump()
        },
        async stop() {
          await worker.close()
          listener.disconnect()
          taker.disconnect()
        },
      }
    },
    async close() {
      await queue.close()
      client.disconnect()
    },
  }
}
