export { redisOptionsFromEnv } from './connect.js';
export { redisShared } from './redis-shared.js';
//# sourceMappingURL=index.js.map