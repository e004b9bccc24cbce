import { type ScryptOptions, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

/** Cost of a new hash: 16 MiB and some 50 ms. */
const cost = { N: 16_384, r: 8, p: 1 } as const
const keyLength = 32
const pattern = /^scrypt\$(\d+)\$(\d+)\$(\d+)\$([A-Za-z0-9_-]+)\$([A-Za-z0-9_-]+)$/

/** What is compared with when there is no user, so that the answer takes as long. */
const nobody = `scrypt$${cost.N}$${cost.r}$${cost.p}$${'A'.repeat(22)}$${'A'.repeat(43)}`

/** The hash of a password with its parameters: `scrypt$N$r$p$salt$key`, in base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password, salt, keyLength, cost)
  return `scrypt$${cost.N}$${cost.r}$${cost.p}$${salt.toString('base64url')}$${key.toString('base64url')}`
}

/** Whether a password is the one of a hash, in a time that does not tell; false, as slowly, for a user without one. */
export async function verifyPassword(password: string, hash: string | null | undefined): Promise<boolean> {
  const match = pattern.exec(hash ?? nobody)
  if (match === null) return false
  const [, N, r, p, salt = '', key = ''] = match
  const expected = Buffer.from(key, 'base64url')
  const found = await derive(password, Buffer.from(salt, 'base64url'), expected.length, {
    N: Number(N),
    r: Number(r),
    p: Number(p),
  })
  return timingSafeEqual(found, expected) && typeof hash === 'string'
}

/** A random password of 20 characters (120 bits) for one login. */
export function oneTimePassword(): string {
  return randomBytes(15).toString('base64url')
}

function derive(password: string, salt: Buffer, length: number, options: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, length, { ...options, maxmem: 128 * 1024 ** 2 }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    )
  })
}
