import { TaskError } from '../errors.ts'
import { type Enqueued, type TaskEnding, type TaskGate, lostWorker } from '../gate.ts'
import { jsonText, plainText } from '../json-text.ts'
import type { GateSettings } from '../settings.ts'
import { type Claim, type TaskStatus, noTasks } from '../task.ts'
import { readCounts, readStatuses, readTasks, segmentOf } from './read.ts'
import { type Script, type TaskRedis, scripts } from './scripts.ts'

/** What one sweep moves or removes at most, of each kind. */
const slice = 500

/** The gate in Redis: each step is one script, and every key begins with `prefix`, which is in braces. */
export function redisGate(client: TaskRedis, prefix: string, settings: GateSettings): TaskGate {
  const { limits } = settings
  const run = (script: Script, ask: object): Promise<unknown> => {
    const common = {
      now: settings.now?.(),
      per_user: limits.perUser,
      global: limits.global,
      backlog_per_user: limits.backlogPerUser,
      backlog: limits.backlog,
      lease: settings.lease,
      keep_finished: settings.keepFinished,
      keep_dead: settings.keepDead,
    }
    return answered(script(client, prefix, JSON.stringify(common), JSON.stringify(ask)))
  }

  const gate: TaskGate = {
    async enqueue({ user, username, tasks, batch, key }) {
      const reply = (await run(scripts.enqueue, {
        user: segmentOf(user),
        username,
        tasks: tasks.map(({ id, kind, input, maxTries }) => ({
          id,
          kind,
          input: jsonText(input),
          max_tries: maxTries,
        })),
        batch,
        key: key?.value,
        fingerprint: key?.fingerprint,
      })) as readonly string[]
      const [outcome, made = ''] = reply
      if (outcome === 'key-reused') return { outcome }
      if (outcome === 'backlog') return readBacklog(reply)
      if (outcome === 'existing') {
        const { ids, batch: known } = JSON.parse(made) as { ids: readonly string[]; batch?: string }
        return { outcome, ids, ...(known === undefined ? {} : { batch: known }) }
      }
      return {
        outcome: 'accepted',
        ids: tasks.map(({ id }) => id),
        ...(batch === undefined ? {} : { batch }),
      }
    },
    async release(most) {
      return readClaims((await run(scripts.release, { most })) as readonly (string | number)[])
    },
    async start({ id, attempt }) {
      return (await run(scripts.start, { id, attempt })) === 1 ? gate.find(id) : undefined
    },
    async beat({ id, attempt }, progress) {
      const told = progress === undefined ? {} : { progress: jsonText(progress) }
      return (await run(scripts.beat, { id, attempt, ...told })) as 'go-on' | 'cancel' | 'lost'
    },
    async finish({ id, attempt }, ending) {
      return (await run(scripts.finish, { id, attempt, ...endingFields(ending) })) as TaskStatus | 'lost'
    },
    async cancel(id) {
      return (await run(scripts.cancel, { id })) === 1 ? gate.find(id) : undefined
    },
    async retry(id) {
      const reply = (await run(scripts.retry, { id })) as readonly string[]
      if (reply[0] === 'retried') return 'retried'
      return reply[0] === 'none' ? undefined : readBacklog(reply)
    },
    async sweep() {
      const reply = (await run(scripts.sweep, { slice, lost: lostWorker })) as readonly (string | number)[]
      const [moved, forgotten, ...undelivered] = reply
      return { moved: Number(moved), forgotten: Number(forgotten), undelivered: readClaims(undelivered) }
    },
    async find(id) {
      return (await answered(readTasks(client, prefix, [id])))[0]
    },
    async list({ user, status = 'tasks', before, limit }) {
      const owner = user === undefined ? 'global' : `user:${segmentOf(user)}`
      const highest = before === undefined ? '+inf' : `(${before}`
      const ids = await answered(
        client.zrevrangebyscore(`${prefix}:${owner}:${status}`, highest, '-inf', 'LIMIT', 0, limit),
      )
      return answered(readTasks(client, prefix, ids))
    },
    async batch(id) {
      const [head, ids] = await answered(
        Promise.all([
          client.hgetall(`${prefix}:batch:${id}`),
          client.lrange(`${prefix}:batch:${id}:tasks`, 0, -1),
        ]),
      )
      if (head['user'] === undefined) return undefined
      const counts = { ...noTasks }
      for (const status of await answered(readStatuses(client, prefix, ids))) counts[status] += 1
      const { user, created_at } = head
      return { id, user: decodeURIComponent(user), createdAt: Number(created_at), counts, tasks: ids }
    },
    async counts(user) {
      const owner = user === undefined ? 'global' : `user:${segmentOf(user)}`
      return (await answered(readCounts(client, prefix, [owner])))[0] ?? noTasks
    },
    async oldestWait() {
      const [id] = await answered(client.zrange(`${prefix}:global:pending`, '0', '0'))
      if (id === undefined) return undefined
      const [since, [seconds, micros]] = await answered(
        Promise.all([client.hmget(`${prefix}:task:${id}`, 'created_at', 'started_at'), client.time()]),
      )
      const now = settings.now?.() ?? Number(seconds) * 1_000 + Number(micros) / 1_000
      return now - Math.max(...since.map(Number))
    },
    async queues() {
      const users = (await answered(client.hkeys(`${prefix}:tasks:served`))).toSorted()
      const counts = await readCounts(
        client,
        prefix,
        users.map((user) => `user:${user}`),
      )
      return users
        .flatMap((user, index) => {
          const queue = counts[index] ?? noTasks
          const busy = queue.pending + queue.delayed + queue.processing > 0
          return busy ? [{ user: decodeURIComponent(user), counts: queue }] : []
        })
        .slice(0, 1_000)
    },
  }
  return gate
}

/** An answer; a server that cannot be reached, or does not answer, is an error that says so. Errors of scripts stay as they are. */
async function answered<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (cause) {
    if (!(cause instanceof Error) || /^-?[A-Z]{3,} /.test(cause.message)) throw cause
    throw new TaskError(
      'E_TASKS_STORE',
      `Redis did not answer (${cause.message}): what was asked may have been done; ask again with the same key`,
      { cause, retryAfter: 1_000 },
    )
  }
}

function readBacklog(reply: readonly (string | number)[]): Extract<Enqueued, { outcome: 'backlog' }> {
  const [, scope, waiting, limit] = reply
  return {
    outcome: 'backlog',
    scope: scope === 'user' ? 'user' : 'global',
    waiting: Number(waiting),
    limit: Number(limit),
  }
}

/** Ids and attempts in turn. */
function readClaims(reply: readonly (string | number)[]): readonly Claim[] {
  const claims: Claim[] = []
  for (let index = 0; index + 1 < reply.length; index += 2) {
    claims.push({ id: String(reply[index]), attempt: Number(reply[index + 1]) })
  }
  return claims
}

function endingFields(ending: TaskEnding): object {
  const told = ending.progress === undefined ? {} : { progress: jsonText(ending.progress) }
  if (ending.how === 'completed') return { how: ending.how, result: jsonText(ending.result), ...told }
  if (ending.how === 'returned') return { how: ending.how, ...told }
  return {
    how: ending.how,
    error: plainText(ending.error),
    ...(ending.retryIn === undefined ? {} : { retry_in: ending.retryIn }),
    ...told,
  }
}
