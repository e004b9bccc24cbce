export type { FileTierOptions } from './settings.ts'
export { fileTier } from './tier.ts'
