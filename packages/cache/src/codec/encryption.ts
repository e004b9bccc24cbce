/**
 * AES-256-GCM of payloads. A sealed payload is: length of the key's id (1 byte), the id, a random nonce (12), the
 * tag (16), the text. The head of the frame is authenticated with it: its flags, times, tags, position and the cache
 * key, so that nothing of a frame can be changed, and none can be moved under another key. The head itself stays
 * readable, since scripts of the store look at it: keys, tags and provenance are not secret.
 *
 * It does not hide how long a payload is, and an old frame of the same key can be put back by whoever can write to
 * the store. Random nonces allow 2^32 payloads for a key (NIST SP 800-38D, 8.3): rotate before.
 */
import { type KeyObject, createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto'
import { RepriseError, quote } from '../errors.ts'

/** A key of 256 bits and the id by which frames name it. */
export interface EncryptionKey {
  /** 1 to 64 ASCII characters, stored with every payload. Never give two keys the same. */
  readonly id: string
  /** 32 bytes, or the same as base64. */
  readonly key: Uint8Array | string
}

/** How payloads are encrypted in the tiers below memory. */
export interface EncryptionOptions {
  /** The first one encrypts, all decrypt: rotate by putting a new one first, and drop the old one when no entry of its time is left. */
  readonly keys: readonly EncryptionKey[]
  /** Whether spaces of the format `document`, which is plain JSON, may be in the same cache. @default false */
  readonly allowPlainDocuments?: boolean
}

/** Seals payloads and opens them again. */
export interface Sealer {
  /** The sealed bytes; `head` is authenticated with them. */
  seal(bytes: Uint8Array, head: Uint8Array): Uint8Array
  /** The bytes, or why they cannot be had. */
  open(sealed: Uint8Array, head: Uint8Array): Uint8Array | string
}

const algorithm = 'aes-256-gcm'
const nonceLength = 12
const tagLength = 16

function readKey({ id, key }: EncryptionKey): KeyObject {
  const bytes = typeof key === 'string' ? Buffer.from(key, 'base64') : key
  if (!(bytes instanceof Uint8Array) || bytes.length !== 32) {
    // The key itself is never shown.
    throw new RepriseError(
      'E_OPTION_INVALID',
      `encryption key ${quote(id)} is not 32 bytes long: give 32 random bytes, or the same as base64`,
    )
  }
  return createSecretKey(bytes)
}

/** A sealer with these keys. @throws E_OPTION_INVALID */
export function createSealer({ keys }: EncryptionOptions): Sealer {
  const byId = new Map<string, KeyObject>()
  for (const key of keys) {
    if (typeof key.id !== 'string' || !/^[\x21-\x7e]{1,64}$/.test(key.id) || byId.has(key.id)) {
      throw new RepriseError(
        'E_OPTION_INVALID',
        `encryption key id ${quote(key.id)}: give each key an id of its own, 1 to 64 ASCII characters`,
      )
    }
    byId.set(key.id, readKey(key))
  }
  const [first] = byId
  if (first === undefined)
    throw new RepriseError('E_OPTION_INVALID', 'encryption.keys is empty: give at least one key')
  const [firstId, firstKey] = first
  return {
    seal(bytes, head) {
      const nonce = randomBytes(nonceLength)
      const cipher = createCipheriv(algorithm, firstKey, nonce)
      cipher.setAAD(head)
      const text = Buffer.concat([cipher.update(bytes), cipher.final()])
      const id = Buffer.from(firstId, 'latin1')
      return Buffer.concat([Buffer.from([id.length]), id, nonce, cipher.getAuthTag(), text])
    },
    open(sealed, head) {
      const nonceAt = 1 + (sealed[0] ?? 0)
      const textAt = nonceAt + nonceLength + tagLength
      if (sealed.length < textAt) return 'the sealed payload is cut off'
      const id = Buffer.from(sealed.subarray(1, nonceAt)).toString('latin1')
      const key = byId.get(id)
      if (key === undefined) return `the payload is sealed with key ${quote(id)}, which is not known here`
      const decipher = createDecipheriv(algorithm, key, sealed.subarray(nonceAt, nonceAt + nonceLength), {
        authTagLength: tagLength,
      })
      decipher.setAAD(head)
      decipher.setAuthTag(sealed.subarray(nonceAt + nonceLength, textAt))
      const text = decipher.update(sealed.subarray(textAt))
      try {
        return Buffer.concat([text, decipher.final()])
      } catch {
        return 'the payload does not authenticate: it or its head was changed, or it is of another key'
      }
    },
  }
}
