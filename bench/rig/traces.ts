import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** Requests for keys that are numbered from 0 as they come. */
export interface Trace {
  readonly name: string
  readonly requests: Int32Array
  readonly keys: number
}

/** The traces of a folder: `*.txt.gz`, a key on each line. */
export function readTraces(folder: string): Trace[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.txt.gz'))
    .toSorted()
    .map((file) => {
      const numbers = new Map<string, number>()
      const lines = gunzipSync(readFileSync(join(folder, file)))
        .toString()
        .split('\n')
      const requests = Int32Array.from(
        lines.filter((line) => line !== ''),
        (line) => {
          let number = numbers.get(line)
          if (number === undefined) numbers.set(line, (number = numbers.size))
          return number
        },
      )
      return { name: file.slice(0, -'.txt.gz'.length), requests, keys: numbers.size }
    })
}
