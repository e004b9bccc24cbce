import type { Database, Queryable } from '@reprise/database'
import { type Enqueued, type TaskEnding, type TaskGate, type TaskOrder, lostWorker } from '../gate.ts'
import { jsonText, plainText } from '../json-text.ts'
import type { GateSettings } from '../settings.ts'
import type { Claim, TaskBatch } from '../task.ts'
import { type CountRow, type TaskRow, readCounts, readQueues, readTask } from './rows.ts'
import * as statements from './statements.ts'

/** Ended tasks that one sweep removes. */
const slice = 500

/** The gate over the service's tables: what depends on limits is decided while one row is held. */
export function sqlGate(database: Database, settings: GateSettings): TaskGate {
  const { limits, lease, keepFinished, keepDead } = settings
  const now = (): number | null => settings.now?.() ?? null
  const held = <T>(work: (gate: Queryable) => Promise<T>): Promise<T> =>
    database.transaction(async (transaction) => {
      await transaction.query(statements.holdGate)
      return work(transaction)
    })

  async function backlog(gate: Queryable, user: string, more: number) {
    const { rows } = await gate.query<{ of_user: number; of_all: number }>(statements.waiting, [user])
    const { of_user = 0, of_all = 0 } = rows[0] ?? {}
    if (of_user + more > limits.backlogPerUser)
      return { outcome: 'backlog', scope: 'user', waiting: of_user, limit: limits.backlogPerUser } as const
    if (of_all + more > limits.backlog)
      return { outcome: 'backlog', scope: 'global', waiting: of_all, limit: limits.backlog } as const
    return undefined
  }

  const gate: TaskGate = {
    enqueue: (order) =>
      held(async (transaction) => {
        const known = await findOrder(transaction, order)
        if (known !== undefined) return known
        const { user, username, tasks, batch, key } = order
        const full = await backlog(transaction, user, tasks.length)
        if (full !== undefined) return full
        await transaction.query(statements.addUser, [user])
        const keyed = [key?.value, key?.fingerprint]
        if (batch !== undefined) await transaction.query(statements.addBatch, [now(), batch, user, ...keyed])
        await transaction.query(statements.addTasks, [
          now(),
          user,
          username,
          batch,
          ...(batch === undefined ? keyed : [null, null]),
          jsonText(tasks),
        ])
        const ids = tasks.map(({ id }) => id)
        return { outcome: 'accepted', ids, ...(batch === undefined ? {} : { batch }) }
      }),
    release: (most) =>
      held(async (transaction) => {
        const claims: Claim[] = []
        while (claims.length < most) {
          const { rows } = await transaction.query<Claim & object>(statements.letThrough, [
            now(),
            lease,
            limits.perUser,
            limits.global,
          ])
          if (rows[0] === undefined) break
          claims.push(rows[0])
        }
        return claims
      }),
    async start({ id, attempt }) {
      const { rows } = await database.query<TaskRow>(statements.start, [now(), lease, id, attempt])
      return rows[0] && readTask(rows[0])
    },
    async beat({ id, attempt }, progress) {
      const { rows } = await database.query<{ cancel_requested: boolean }>(statements.beat, [
        now(),
        lease,
        id,
        attempt,
        progress === undefined ? null : jsonText(progress),
      ])
      if (rows[0] === undefined) return 'lost'
      return rows[0].cancel_requested ? 'cancel' : 'go-on'
    },
    async finish({ id, attempt }, ending) {
      const { rows } = await database.query<{ becomes: 'completed' }>(statements.finish, [
        now(),
        id,
        attempt,
        ...endingValues(ending),
      ])
      return rows[0]?.becomes ?? 'lost'
    },
    async cancel(id) {
      await database.query(statements.cancel, [now(), id])
      return gate.find(id)
    },
    retry: (id) =>
      held(async (transaction) => {
        const { rows } = await transaction.query<{ user_id: string; status: string }>(statements.find, [id])
        if (rows[0]?.status !== 'dead') return undefined
        const full = await backlog(transaction, rows[0].user_id, 1)
        if (full !== undefined) return full
        await transaction.query(statements.retry, [id])
        return 'retried'
      }),
    async sweep() {
      const kept = [keepFinished, keepDead]
      const { rows } = await database.query<{ needed: boolean }>(statements.needsSweep, [now(), ...kept])
      if (rows[0]?.needed !== true) return { undelivered: [], moved: 0, forgotten: 0 }
      const promoted = await database.query(statements.promote, [now()])
      const recovered = await database.query(statements.recover, [now(), lostWorker])
      const undelivered = await database.query<Claim & object>(statements.undelivered, [now(), lease])
      // An order of a user whose last task is about to go must not lose its turn.
      const forgotten = await held(async (transaction) => {
        const { rowCount } = await transaction.query(statements.forget, [now(), ...kept, slice])
        if (rowCount > 0) for (const text of statements.forgetEmpty) await transaction.query(text)
        return rowCount
      })
      return {
        undelivered: undelivered.rows,
        moved: promoted.rowCount + recovered.rowCount,
        forgotten,
      }
    },
    async find(id) {
      const { rows } = await database.query<TaskRow>(statements.find, [id])
      return rows[0] && readTask(rows[0])
    },
    async list({ user, status, before, limit }) {
      const { rows } = await database.query<TaskRow>(statements.list, [user, status, before, limit])
      return rows.map(readTask)
    },
    async batch(id) {
      const { rows } = await database.query<BatchRow>(statements.batch, [id])
      const [first] = rows
      if (first === undefined) return undefined
      return {
        id,
        user: first.user_id,
        createdAt: first.created_at,
        counts: readCounts(rows.map(({ status }) => ({ status, count: 1 }))),
        tasks: rows.map(({ task }) => task),
      } satisfies TaskBatch
    },
    async counts(user) {
      return readCounts((await database.query<CountRow>(statements.counts, [user])).rows)
    },
    async oldestWait() {
      return (await database.query<{ wait: number }>(statements.oldestWait, [now()])).rows[0]?.wait
    },
    async queues() {
      return readQueues((await database.query<CountRow & { user_id: string }>(statements.queues)).rows)
    },
  }
  return gate
}

interface BatchRow {
  readonly id: string
  readonly user_id: string
  readonly created_at: number
  readonly task: string
  readonly status: CountRow['status']
}

async function findOrder(transaction: Queryable, { user, key }: TaskOrder): Promise<Enqueued | undefined> {
  if (key === undefined) return undefined
  const { rows } = await transaction.query<{ batch_id: string | null; id: string; fingerprint: string }>(
    statements.findOrder,
    [user, key.value],
  )
  const [first] = rows
  if (first === undefined) return undefined
  if (first.fingerprint !== key.fingerprint) return { outcome: 'key-reused' }
  const ids = rows.map(({ id }) => id)
  return { outcome: 'existing', ids, ...(first.batch_id === null ? {} : { batch: first.batch_id }) }
}

function endingValues(ending: TaskEnding): readonly unknown[] {
  const progress = ending.progress === undefined ? null : jsonText(ending.progress)
  if (ending.how === 'completed') return [ending.how, jsonText(ending.result), null, null, progress]
  if (ending.how === 'returned') return [ending.how, null, null, null, progress]
  return [ending.how, null, plainText(ending.error), ending.retryIn, progress]
}
