import { fileURLToPath } from 'node:url'

/** The repository's folder, absolute and without a trailing slash; every script works from here. */
export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[/\\]$/, '')
