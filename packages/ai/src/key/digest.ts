import { createHash } from 'node:crypto'

/** The SHA-256 of text or bytes, as 43 characters of base64url. */
export function digestOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('base64url')
}

/**
 * The SHA-256 of named texts, each framed by its length in bytes, so that no content of one can be taken for the
 * beginning of the next.
 */
export function framedDigest(frames: Iterable<readonly [name: string, text: string]>): string {
  const hash = createHash('sha256')
  for (const [name, text] of frames) {
    for (const part of [name, text]) hash.update(`${Buffer.byteLength(part)}:`).update(part)
  }
  return hash.digest('base64url')
}
