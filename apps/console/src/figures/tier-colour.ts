/** The colour of a tier: memory, then Redis or files, then a database; a load has one of its own. */
export function tierColour(name: string): string {
  if (name === 'memory') return 'var(--tier-1)'
  if (name === 'load') return 'var(--load)'
  return /sql|postgres|pglite|database/.test(name) ? 'var(--tier-3)' : 'var(--tier-2)'
}
