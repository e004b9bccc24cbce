import { access, constants, mkdir, statfs } from 'node:fs/promises'
import { bytes } from '../amounts.ts'
import { type Finding, failed, ok, warning } from './finding.ts'

/** The least Node that Reprise runs on. */
const leastNode = [20, 19] as const
const littleSpace = 1024 ** 3

/** Looks at Node and at the data folder. */
export async function checkMachine(dataDir: string): Promise<readonly Finding[]> {
  return [checkNode(process.versions.node), await checkFolder(dataDir)]
}

/** Whether a version of Node is one that Reprise runs on. */
export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const enough = major > leastNode[0] || (major === leastNode[0] && minor >= leastNode[1])
  return enough ? ok('node', version) : failed('node', version, `use Node ${leastNode.join('.')} or newer`)
}

async function checkFolder(folder: string): Promise<Finding> {
  try {
    await mkdir(folder, { recursive: true })
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    return failed('data folder', reasonOf(error), `make ${folder} writable, or set DATA_DIR`)
  }
  const { bavail, bsize } = await statfs(folder)
  const seen = `${folder}, ${bytes(bavail * bsize)} free`
  return bavail * bsize < littleSpace
    ? warning('data folder', seen, 'free some space, or set DATA_DIR to another disk')
    : ok('data folder', seen)
}

/** The message of whatever was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
