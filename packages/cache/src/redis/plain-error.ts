/**
 * An error of a client without the command or the URL it is about: these carry the password or the values of entries,
 * and errors end up in logs. Of a Cluster that no node answers, what the last node said.
 */
export function plainError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  if ('lastNodeError' in error && error.lastNodeError instanceof Error) return plainError(error.lastNodeError)
  if (!('command' in error) && !('input' in error)) return error
  const plain = new Error(error.message)
  for (const [name, value] of Object.entries(error))
    if (name !== 'command' && name !== 'input') Object.assign(plain, { [name]: value })
  plain.name = error.name
  if (error.stack !== undefined) plain.stack = error.stack
  return plain
}

/** Whether a server refuses who asks, which trying again does not change. */
export function isRefusal(error: unknown): error is Error {
  return error instanceof Error && /^(WRONGPASS|NOAUTH)\b/.test(error.message)
}
