import { createHash, randomBytes } from 'node:crypto'

/** How many folders the files are spread over. */
export const shards = 256

/** The name of the file of a key: SHA-256, so that no key names a path. UTF-16 tells apart keys that UTF-8 cannot. */
export function nameOf(key: string): string {
  return createHash('sha256').update(key, 'utf16le').digest('hex')
}

/** The folder of a name: its first byte. */
export function shardOf(name: string): string {
  return name.slice(0, 2)
}

/** The folder at a place from 0 to 255. */
export function shardAt(place: number): string {
  return place.toString(16).padStart(2, '0')
}

/** Whether a file is one of a record; everything else in a folder is left alone. */
export function isRecordName(file: string): boolean {
  return /^[0-9a-f]{64}$/.test(file)
}

/** An id that no other process makes, with the time of its making, by which leftovers are told from work in progress. */
export function makeId(now: number): string {
  return `${Math.max(0, Math.floor(now)).toString(36)}-${randomBytes(8).toString('hex')}`
}

/** When an id was made, in milliseconds since 1970; undefined when it is none. */
export function madeAt(id: string): number | undefined {
  const time = /^([0-9a-z]{1,11})-[0-9a-f]{16}$/.exec(id)?.[1]
  return time === undefined ? undefined : Number.parseInt(time, 36)
}

/** The file that a record is written to before it is renamed to its name. */
export function temporaryName(name: string, id: string): string {
  return `${name}.${id}.tmp`
}

/** When a temporary file was begun; undefined when it is not one of ours. */
export function temporaryMadeAt(file: string): number | undefined {
  const id = /^[0-9a-f]{64}\.([^.]+)\.tmp$/.exec(file)?.[1]
  return id === undefined ? undefined : madeAt(id)
}
