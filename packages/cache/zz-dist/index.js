export { createCache } from './cache.js';
export { defineCatalog, } from './catalog.js';
export { systemClock } from './clock.js';
export { endOfDay, milliseconds } from './duration.js';
export { RepriseError, errorTable } from './errors.js';
export { onEvent, onEveryEvent } from './events.js';
export { memoryLog } from './memory-log.js';
export { bounded, defineSpace, } from './space.js';
//# sourceMappingURL=index.js.map