import { mkdir, open, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Readable } from 'node:stream'
import type { Cache, Found, ParamsOf, SpaceBase } from '@reprise/cache'
import { z } from 'zod'
import { HttpError } from '../../http/http-error.ts'
import type { TaskContext, TaskKind } from '../kind.ts'
import type { TaskRecord } from '../task.ts'

const input = z.strictObject({
  spaces: z.array(z.string().min(1).max(200)).max(200).optional().describe('Names of spaces; all without it'),
})

/** Where exports are in the data folder. */
export const exportsIn = (dataDir: string): string => join(dataDir, 'exports')

/** The name of an export's file. An id is made by the gate; whatever it were, the file is in the folder itself. */
const fileOf = (id: string): string => basename(`${id}.jsonl`)

/** Opens the file of an export to be read. @throws HttpError 409 where it has not completed, 404 where there is no file */
export async function openExport(
  exports: string,
  { id, kind, status }: Pick<TaskRecord, 'id' | 'kind' | 'status'>,
): Promise<Readable> {
  if (kind !== 'export') throw new HttpError(404, `Task ${id} writes no file: it is of the kind ${kind}`)
  if (status !== 'completed') throw new HttpError(409, `Task ${id} has no file yet: it is ${status}`)
  try {
    return (await open(join(exports, fileOf(id)))).createReadStream()
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause
    throw new HttpError(
      404,
      `The file of task ${id} is not here: a clean-up has removed it, or it is in the data folder of another process`,
      { cause },
    )
  }
}

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
      const file = fileOf(context.id)
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
