import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The secret that tokens are signed with: the one given, else that of `<dataDir>/jwt-secret`, which is made with mode
 * 0600 the first time. Processes that start at once agree on one. @throws Error when the file is too short to be one
 */
export function readJwtSecret(options: { readonly given?: string; readonly dataDir: string }): string {
  if (options.given !== undefined) return options.given
  const path = join(options.dataDir, 'jwt-secret')
  const secret = readExisting(path) ?? create(path, options.dataDir)
  if (secret.length >= 32) return secret
  throw new Error(
    `${path} holds ${secret.length} characters: remove it to have a new one made, or set JWT_SECRET`,
  )
}

function readExisting(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

// A finished file is linked into place: another process sees it whole or not at all, and the first one wins.
function create(path: string, dataDir: string): string {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
  writeFileSync(draft, `${randomBytes(48).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' })
  try {
    linkSync(draft, path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    rmSync(draft)
  }
  return readFileSync(path, 'utf8').trim()
}
