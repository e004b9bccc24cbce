import { type Engine } from './engine.ts';
import type { TierRecord } from './tier.ts';
/** Whether a mark has killed a stored record. What cannot be read or belongs to no space is not for this to judge. */
export declare function isDeadRecord(engine: Engine, key: string, record: TierRecord): boolean;
