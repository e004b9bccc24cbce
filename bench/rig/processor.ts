/** Microseconds that the processor worked for this process. */
export function processor(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}
