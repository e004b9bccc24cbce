import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** A script of the server, by its text and the digest that the server knows it by. */
export interface Script {
  readonly name: string
  readonly source: string
  readonly digest: string
}

const text = (file: string): string => readFileSync(new URL(`./${file}.lua`, import.meta.url), 'utf8')

function script(name: string): Script {
  const source = text('session') + text(name)
  return Object.freeze({ name, source, digest: createHash('sha1').update(source).digest('hex') })
}

/** The scripts of a session; each touches one key, so all work on a Cluster. */
export const scripts = Object.freeze({
  apply: script('apply'),
  keep: script('keep'),
  slide: script('slide'),
  supersede: script('supersede'),
  readTimeline: script('read-timeline'),
  readLatest: script('read-latest'),
  readResources: script('read-resources'),
})
