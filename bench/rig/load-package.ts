/** Packages that are not part of the workspace: the peers, which are installed on demand. */

/** A package, as far as it is used here. */
export async function loadPackage<T>(name: string): Promise<T> {
  return (await import(name)) as T
}

/** A class of such a package. */
export type Constructor<T> = new (...args: readonly unknown[]) => T

/** Installs them. */
export const installHint = 'npm ci --prefix bench/peers'

/** Whether an import failed because its package is not installed. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND'
}

/** Why a contestant in a process of its own cannot take part, in one line. */
export function reasonOf(error: unknown): string {
  const text = String(error).split('\n')[0] ?? ''
  return text.includes('Cannot find package') ? `${text}; install it by ${installHint}` : text
}
