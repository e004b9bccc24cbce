import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { RedisArgument, RedisClient } from './client.ts'

/** A script of the store. */
export interface Script {
  readonly name: string
  /** Runs it by its digest, or with its text where the server does not know it. */
  run(client: RedisClient, keys: readonly string[], ...args: RedisArgument[]): Promise<unknown>
}

const text = (file: string): string => readFileSync(new URL(`./${file}.lua`, import.meta.url), 'utf8')

function script(name: string, ...before: readonly string[]): Script {
  const source = [...before, name].map(text).join('')
  const digest = createHash('sha1').update(source).digest('hex')
  return Object.freeze({
    name,
    async run(client: RedisClient, keys: readonly string[], ...args: RedisArgument[]): Promise<unknown> {
      try {
        return await client.callBuffer('EVALSHA', digest, keys.length, ...keys, ...args)
      } catch (error) {
        if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
        return client.callBuffer('EVAL', source, keys.length, ...keys, ...args)
      }
    },
  })
}

/** The scripts of the catalog's slot. */
export const logScripts = Object.freeze({
  head: script('head', 'era'),
  join: script('join', 'era'),
  append: script('append', 'era'),
  prune: script('prune', 'era'),
})

/** The scripts of the slot of an entry. */
export const entryScripts = Object.freeze({
  acquire: script('acquire', 'body', 'lease'),
  extend: script('extend', 'lease'),
  store: script('store', 'body', 'lease'),
  release: script('release', 'lease'),
  steal: script('steal', 'lease'),
  remove: script('remove'),
  readDocument: script('read-document'),
})
