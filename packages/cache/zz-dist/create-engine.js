import { systemClock } from './clock.js';
import { createCollector } from './collector.js';
import { milliseconds } from './duration.js';
import { RepriseError } from './errors.js';
import { publish } from './events.js';
import { createFailures } from './failures.js';
import { joinCluster } from './join-cluster.js';
import { createLanes } from './lanes.js';
import { memoryLog } from './memory-log.js';
import { createMemory } from './memory.js';
import { createOrder } from './order.js';
import { sharedTier } from './shared-tier.js';
import { createCounters } from './stats.js';
import { createTickets } from './ticket.js';
/** Opens tiers and log and makes the engine over them. @throws E_LOG_MISSING, E_OPTION_INVALID, and what `open` throws */
export async function createEngine(options) {
    const { catalog, shared, random = Math.random } = options;
    if (shared !== undefined && (options.tiers !== undefined || options.log !== undefined)) {
        throw new RepriseError('E_OPTION_INVALID', 'shared was given together with tiers or log: a shared store brings its own log, and nothing lives below it');
    }
    const tiers = shared === undefined ? (options.tiers ?? []) : [sharedTier(shared, catalog)];
    const clock = options.clock ?? systemClock;
    const log = options.log ?? memoryLog();
    const lasting = tiers.find(({ durable }) => durable);
    if (shared === undefined && lasting !== undefined && !log.durable) {
        throw new RepriseError('E_LOG_MISSING', `tier "${lasting.name}" outlives the process, so its invalidations must, too: give a log that does, such as sqlLog({ database, catalog })`);
    }
    const memory = createMemory(options.memory ?? {}, (record) => {
        publish('entry-evicted', { space: record.space.name, key: record.key, bytes: record.entry.bytes });
    });
    for (const tier of tiers)
        await tier.open();
    await shared?.open();
    const head = await (shared ?? log).join();
    const working = new Set();
    const engine = {
        catalog,
        clock,
        random,
        memory,
        tiers,
        log,
        cluster: undefined,
        collectors: new Map(tiers.map((tier) => [tier, createCollector(tier, clock)])),
        order: createOrder(head),
        tickets: createTickets(),
        lanes: createLanes(),
        writeDeadline: milliseconds(options.writeDeadline ?? 10_000, 'writeDeadline'),
        flights: new Map(),
        failures: createFailures(clock, random),
        counters: new Map(catalog.spaces.map(({ name }) => [name, createCounters()])),
        background(work) {
            working.add(work);
            work.then(() => working.delete(work), () => working.delete(work));
        },
        state: { closed: false, startedAt: clock.now(), expirations: 0 },
    };
    if (shared === undefined)
        return { engine, working, leave: async () => log.close() };
    const joined = await joinCluster(engine, shared, milliseconds(options.lease ?? 5_000, 'lease'));
    engine.cluster = joined.cluster;
    return {
        engine,
        working,
        async leave() {
            await joined.stop();
            await shared.close();
        },
    };
}
//# sourceMappingURL=create-engine.js.map