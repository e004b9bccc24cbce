/** Replies as the scripts make them. Anything else is a bug or a foreign server, and says so. */

/** The items of an array. */
export function items(reply: unknown): readonly unknown[] {
  if (Array.isArray(reply)) return reply as readonly unknown[]
  throw new Error(`the server answered ${typeof reply} where an array was due`)
}

/** Text, from bytes or a number; '' for nothing. */
export function text(reply: unknown): string {
  if (Buffer.isBuffer(reply)) return reply.toString('utf8')
  return typeof reply === 'string' ? reply : typeof reply === 'number' ? String(reply) : ''
}

/** A number, from an integer or its text. */
export function integer(reply: unknown): number {
  const value = typeof reply === 'number' ? reply : Number.parseInt(text(reply), 10)
  if (Number.isNaN(value)) throw new Error('the server answered something else where a number was due')
  return value
}
