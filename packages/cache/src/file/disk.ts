import { type FileHandle, lstat, mkdir, open, readdir, unlink } from 'node:fs/promises'
import { constants } from 'node:fs'

/** Windows has neither; a pipe that somebody put there must not be waited for. */
const plainly = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

const nothing = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'EMLINK', 'EISDIR', 'ENXIO', 'EAGAIN'])

/** Whether an error says that there is no such file of ours: none at all, or a link, a folder or a pipe in its place. */
export function isNothing(error: unknown): boolean {
  return nothing.has((error as NodeJS.ErrnoException | undefined)?.code ?? '')
}

/** What a promise gives; undefined when there is no such file. */
export async function orNothing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (isNothing(error)) return undefined
    throw error
  }
}

/** Reads with a file open, links not followed; undefined when there is none. */
export async function withFile<T>(
  path: string,
  use: (file: FileHandle) => Promise<T>,
): Promise<T | undefined> {
  const file = await orNothing(open(path, plainly))
  if (file === undefined) return undefined
  try {
    return await orNothing(use(file))
  } finally {
    await file.close()
  }
}

/** Bytes of a file from a place to an end, fewer when it is shorter. */
export async function readRange(file: FileHandle, from: number, to: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(to - from)
  let filled = 0
  while (filled < buffer.length) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, from + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return buffer.subarray(0, filled)
}

/** Whether a path is a folder itself, and no link to one. */
export async function isFolder(path: string): Promise<boolean> {
  return (await orNothing(lstat(path)))?.isDirectory() ?? false
}

/** Makes a folder that only we may read. @throws when something else, such as a link, stands in its place */
export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 })
  if (!(await isFolder(path)))
    throw new Error(`${path} is a link: the file tier does not leave its folder; remove it`)
}

/** Names in a folder, in order; none when there is no such folder. */
export async function namesIn(folder: string): Promise<string[]> {
  if (!(await isFolder(folder))) return []
  return ((await orNothing(readdir(folder))) ?? []).toSorted()
}

/** Writes a new file; a file or link of that name is never written through. */
export async function writeNew(
  path: string,
  bytes: Uint8Array,
  { fsync }: { fsync: boolean },
): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(bytes)
    if (fsync) await file.datasync()
  } finally {
    await file.close()
  }
}

/** Removes a file or a link itself; whether it was there. */
export async function removeFile(path: string): Promise<boolean> {
  try {
    await unlink(path)
    return true
  } catch (error) {
    if (isNothing(error)) return false
    throw error
  }
}

/** Waits until the disk has what was made, renamed or removed in a folder. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
