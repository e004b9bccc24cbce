export type { SqlDatabase } from './database.ts';
export { type SqlLogOptions, sqlLog } from './log.ts';
export { type SqlTierOptions, sqlTier } from './tier.ts';
