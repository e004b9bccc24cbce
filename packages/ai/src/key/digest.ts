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
  let all = ''
  for (const frame of frames) for (const part of frame) all += `${Buffer.byteLength(part)}:${part}`
  return digestOf(all)
}
