import { mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cache, Found, ParamsOf, SpaceBase } from '@reprise/cache'
import { z } from 'zod'
import type { TaskContext, TaskKind } from '../kind.ts'

const input = z.strictObject({
  spaces: z.array(z.string().min(1).max(200)).max(200).optional().describe('Names of spaces; all without it'),
})

/** Keys of one page. */
const pageSize = 200

/**
 * Writes living entries as JSON lines (key, space, params, value, times, provenance) to a file in the data folder. The
 * file has the task's id and gets its name when it is whole, so a run that is repeated leaves one file.
 */
export function exportKind(options: {
  readonly cache: Cache
  readonly exports: string
}): TaskKind<z.output<typeof input>> {
  const { cache, exports } = options
  return {
    name: 'export',
    summary: 'Write entries as JSON lines to a file in the data folder',
    role: 'admin',
    input,
    async run({ spaces = cache.catalog.spaces.map(({ name }) => name) }, context) {
      const chosen = spaces.map((name) => cache.catalog.find(name))
      await mkdir(exports, { recursive: true, mode: 0o700 })
      const file = `${context.id}.jsonl`
      const part = join(exports, `${file}.part`)
      const target = await open(part, 'w', 0o600)
      let entries = 0
      let bytes = 0
      try {
        for (const [index, space] of chosen.entries()) {
          for await (const lines of linesOf(cache, space.space, context.signal)) {
            const text = lines.join('')
            await target.write(text)
            entries += lines.length
            bytes += Buffer.byteLength(text)
            context.progress(index, chosen.length, `${space.name}: ${entries} entries`)
          }
        }
        await target.sync()
        await target.close()
      } catch (error) {
        await target.close()
        await rm(part, { force: true })
        throw error
      }
      await rename(part, join(exports, file))
      context.progress(chosen.length, chosen.length)
      return { file, entries, bytes, spaces: chosen.length }
    },
  }
}

async function* linesOf(
  cache: Cache,
  space: SpaceBase,
  signal: TaskContext['signal'],
): AsyncGenerator<readonly string[]> {
  const handle = cache.open(space)
  let cursor: string | undefined
  do {
    signal.throwIfAborted()
    const page = await handle.keys({ limit: pageSize, ...(cursor === undefined ? {} : { cursor }) })
    yield await Promise.all(
      page.keys.map(async ({ key, params }) => {
        const found = await handle.find(params as ParamsOf<SpaceBase>)
        // It has ended since it was listed.
        return found === undefined ? '' : lineOf({ key, space: space.name, params }, found)
      }),
    ).then((lines) => lines.filter((line) => line !== ''))
    cursor = page.cursor
  } while (cursor !== undefined)
}

function lineOf(name: object, { value, tags, createdAt, freshUntil, meta }: Found<unknown>): string {
  const line = {
    ...name,
    value,
    tags,
    created_at: new Date(createdAt).toISOString(),
    fresh_until: Number.isFinite(freshUntil) ? new Date(freshUntil).toISOString() : null,
    meta,
  }
  return `${JSON.stringify(line)}\n`
}
