/** A process that writes to a file tier until it is killed: one number after another, each confirmed on its output. */
import { writeSync } from 'node:fs'
import { fileTier } from '@reprise/cache/file'
import { batchOf, bodyOf, group } from './file-tier-records.ts'

const [directory = '', first = '0'] = process.argv.slice(2)
const tier = fileTier({ directory })
await tier.open()
const expiresAt = Date.now() + 3_600_000
for (let n = Number(first); ; n += 1) {
  const record = (key: string): { key: string; body: string; createdAt: number; expiresAt: number } => ({
    key,
    body: bodyOf(key, n),
    createdAt: Date.now(),
    expiresAt,
  })
  await tier.write([record(`k:single:${n}`)])
  writeSync(1, `single ${n}\n`)
  await tier.write(batchOf(n).map(record))
  writeSync(1, `batch ${n}\n`)
  await tier.write(group.map(record))
  writeSync(1, `group ${n}\n`)
  if (n % 3 === 0) {
    await tier.remove([`k:single:${n}`])
    writeSync(1, `removed ${n}\n`)
  }
}
