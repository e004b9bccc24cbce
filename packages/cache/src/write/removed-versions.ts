/** Versions kept at most; whoever still holds an older one has read it very long ago. */
const most = 1_000

/** The versions that were removed one by one, the newest of them. */
export interface RemovedVersions {
  add(version: string): void
  has(version: string): boolean
}

/** None yet. */
export function createRemovedVersions(): RemovedVersions {
  const versions = new Set<string>()
  return {
    add(version) {
      versions.add(version)
      if (versions.size > most) versions.delete(versions.values().next().value as string)
    },
    has: (version) => versions.size > 0 && versions.has(version),
  }
}
