import {
  type TaskCounts,
  type TaskProgress,
  type TaskRecord,
  type TaskStatus,
  noTasks,
  taskStatuses,
} from '../task.ts'
import type { TaskRedis } from './scripts.ts'

/** A user id as a part of a key: nothing in it separates parts or marks a slot. */
export const segmentOf = (user: string): string => encodeURIComponent(user)

/** A task of its hash and the JSON of its progress; undefined for none. */
export function readTask(
  hash: Readonly<Record<string, string>>,
  progress: string | null,
): TaskRecord | undefined {
  const { id, user, kind, status } = hash
  if (id === undefined || user === undefined || kind === undefined || status === undefined) return undefined
  const at = (name: string, field: string) =>
    hash[field] === undefined ? {} : { [name]: Number(hash[field]) }
  return {
    id,
    seq: Number(hash['seq']),
    user: decodeURIComponent(user),
    username: hash['username'] ?? '',
    kind,
    input: JSON.parse(hash['input'] ?? 'null') as unknown,
    status: status as TaskStatus,
    attempt: Number(hash['attempt']),
    tries: Number(hash['tries']),
    maxTries: Number(hash['max_tries']),
    cancelRequested: hash['cancel_requested'] === '1',
    createdAt: Number(hash['created_at']),
    ...(hash['batch'] === undefined ? {} : { batch: hash['batch'] }),
    ...at('startedAt', 'started_at'),
    ...at('endedAt', 'ended_at'),
    ...at('dueAt', 'due_at'),
    ...(hash['result'] === undefined ? {} : { result: JSON.parse(hash['result']) as unknown }),
    ...(hash['error'] === undefined ? {} : { error: hash['error'] }),
    ...(progress === null ? {} : { progress: JSON.parse(progress) as TaskProgress }),
  }
}

/** Tasks by id, in one round trip; those that are gone are left out. */
export async function readTasks(
  client: TaskRedis,
  prefix: string,
  ids: readonly string[],
): Promise<readonly TaskRecord[]> {
  if (ids.length === 0) return []
  const pipeline = client.pipeline()
  for (const id of ids) pipeline.hgetall(`${prefix}:task:${id}`).get(`${prefix}:task:${id}:progress`)
  const replies = await sent(pipeline)
  return ids.flatMap((_, index) => {
    const task = readTask(
      replies[2 * index] as Record<string, string>,
      replies[2 * index + 1] as string | null,
    )
    return task === undefined ? [] : [task]
  })
}

/** The status of each of these tasks that is still there. */
export async function readStatuses(
  client: TaskRedis,
  prefix: string,
  ids: readonly string[],
): Promise<readonly TaskStatus[]> {
  if (ids.length === 0) return []
  const pipeline = client.pipeline()
  for (const id of ids) pipeline.hget(`${prefix}:task:${id}`, 'status')
  return (await sent(pipeline)).flatMap((status) => taskStatuses.find((known) => known === status) ?? [])
}

/** How many ids are under each status, for several owners: `global` or `user:{user}`. */
export async function readCounts(
  client: TaskRedis,
  prefix: string,
  owners: readonly string[],
): Promise<readonly TaskCounts[]> {
  if (owners.length === 0) return []
  const pipeline = client.pipeline()
  for (const owner of owners)
    for (const status of taskStatuses) pipeline.zcard(`${prefix}:${owner}:${status}`)
  const replies = await sent(pipeline)
  return owners.map((_, index) => {
    const counts = { ...noTasks }
    taskStatuses.forEach((status, place) => {
      counts[status] = Number(replies[index * taskStatuses.length + place])
    })
    return counts
  })
}

async function sent(pipeline: ReturnType<TaskRedis['pipeline']>): Promise<readonly unknown[]> {
  const replies = (await pipeline.exec()) ?? []
  return replies.map(([error, reply]) => {
    if (error !== null) throw error
    return reply
  })
}
