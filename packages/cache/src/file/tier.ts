import { access, mkdir } from 'node:fs/promises'
import type { Tier } from '../tier.ts'
import { createFolder, readRecord, removeRecord } from './folder.ts'
import { type FileTierOptions, settle } from './settings.ts'
import { createSweeper } from './sweep.ts'
import { listRecords, measure } from './walk.ts'
import { writeRecords } from './write.ts'

/**
 * A tier in a folder: a file for each record, spread over 256 folders, named by the hash of its key (row B1). A file
 * is whole or not there, whatever instant a process is killed at; several processes may share the folder. No key,
 * and no link that somebody put into the folder, leads out of it. Each file is readable by its owner alone.
 *
 * It does not promise: that a record survives when another process writes or removes the same key at that moment; that
 * a sweep spares a record that another process wrote within the last instant. Both cost a load, never a wrong value.
 * @throws E_OPTION_INVALID
 */
export function fileTier(options: FileTierOptions): Tier {
  const settings = settle(options)
  const folder = createFolder(settings)
  const sweeper = createSweeper(folder)
  // Sweeps share one position.
  let sweeping: Promise<unknown> = Promise.resolve()
  return {
    name: settings.name,
    durable: true,
    readDeadline: settings.readDeadline,
    async open() {
      // The folder itself may be reached through a link: it is where the caller wants it.
      await mkdir(settings.directory, { recursive: true, mode: 0o700 })
    },
    async read(keys) {
      return Promise.all(keys.map(async (key) => folder.turns.limit(async () => readRecord(folder, key))))
    },
    async write(records) {
      sweeper.wrote(await writeRecords(folder, records))
    },
    async remove(keys) {
      const removed = await Promise.all(keys.map(async (key) => removeRecord(folder, key)))
      return keys.filter((_, index) => removed[index] === true)
    },
    list: async (prefix, page) => listRecords(folder, prefix, page),
    async sweep(limit) {
      const swept = sweeping.then(async () => sweeper.sweep(limit))
      sweeping = swept.catch(() => {})
      return swept
    },
    usage: async (prefix) => measure(folder, prefix),
    async ping() {
      await access(settings.directory)
    },
    close: async () => {},
  }
}
