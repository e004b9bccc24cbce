import { readFileSync, readdirSync } from 'node:fs'

/** One example of document 000: its key, TTL and JSON as printed there, comments and elisions apart. */
export interface Example {
  readonly section: string
  readonly template: string
  readonly params: Readonly<Record<string, string | number>>
  readonly key: string
  readonly ttl_seconds: number
  readonly value: unknown
}

const folder = new URL('./catalog-documents/', import.meta.url)

/** Every example of the document, by section. */
export const examples: readonly Example[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Example)

/** The lines of section 1.1's dict: the name and the key of each, in their order. */
export const templates: readonly { readonly name: string; readonly key: string }[] = readFileSync(
  new URL('templates.txt', folder),
  'utf8',
)
  .split('\n')
  .flatMap((line) => {
    const match = /^\s*'([a-z_]+)': '([^']+)',?$/.exec(line)
    return match === null ? [] : [{ name: match[1] ?? '', key: match[2] ?? '' }]
  })
