import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Cluster, Redis } from 'ioredis'

/** A client of one Redis server, of Sentinels or of a Cluster. */
export type TaskRedis = Redis | Cluster

/** One step of the gate, sent by its digest, or with its text to a server that does not know it. */
export type Script = (client: TaskRedis, prefix: string, ...args: readonly string[]) => Promise<unknown>

const text = (file: string): string => readFileSync(new URL(`./${file}.lua`, import.meta.url), 'utf8')

function script(name: string): Script {
  const source = text('gate') + text(name)
  const digest = createHash('sha1').update(source).digest('hex')
  return async (client, prefix, ...args) => {
    try {
      return await client.evalsha(digest, 1, prefix, ...args)
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
      return client.eval(source, 1, prefix, ...args)
    }
  }
}

/** The steps of the gate. */
export const scripts = Object.freeze({
  enqueue: script('enqueue'),
  release: script('release'),
  start: script('start'),
  beat: script('beat'),
  finish: script('finish'),
  cancel: script('cancel'),
  retry: script('retry'),
  sweep: script('sweep'),
})
