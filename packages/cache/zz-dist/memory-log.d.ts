import type { InvalidationLog } from './log.ts';
/** A log in the process: enough where every tier ends with it, too. */
export declare function memoryLog(): InvalidationLog;
