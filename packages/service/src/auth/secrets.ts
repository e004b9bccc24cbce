import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** A random secret of 256 bits, as text that needs no escaping anywhere. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** What is kept of a random secret: its SHA-256 in hex. A slow hash is for passwords, which can be guessed. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

/** Whether a secret is the one of a hash, in a time that does not tell. */
export function isSecretOf(secret: string, hash: string | null): boolean {
  return hash !== null && timingSafeEqual(Buffer.from(hashSecret(secret)), Buffer.from(hash))
}
