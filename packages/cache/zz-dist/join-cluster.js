import { publish } from './events.js';
import { startFollower } from './follower.js';
import { detachMarked } from './invalidate.js';
import { createSharedCollector } from './shared-collector.js';
import { createWakes } from './wakes.js';
/** What records of the log, and the loss of its thread, do to this process. */
function effectsOn(engine) {
    return {
        apply(record, era) {
            const position = { era, n: record.n };
            detachMarked(engine, record.marks, position);
            for (const { key, version } of record.keys) {
                engine.tickets.breakOlder(key, position);
                engine.failures.forget(key);
                const entry = engine.memory.look(key)?.entry;
                if (entry === undefined || entry.version === version)
                    continue;
                // A copy whose load began at or after the record is newer than it.
                if (entry.asOf.era !== era || entry.asOf.n < record.n)
                    engine.memory.remove(key);
            }
            publish('invalidated', { keys: record.keys.map(({ key }) => key), marks: record.marks, n: record.n });
        },
        distrust() {
            for (const record of engine.memory.records())
                engine.memory.remove(record.key);
            engine.tickets.breakEverything();
            publish('log-rejoined', engine.order.position());
        },
        failed: (error) => publish('tier-failed', { tier: engine.cluster?.shared.name ?? 'shared', operation: 'follow', error }),
    };
}
/** Follows the log of a shared store that was joined, and listens for leases that end. */
export async function joinCluster(engine, shared, lease) {
    const wakes = createWakes(engine.clock);
    const follower = startFollower({
        shared,
        order: engine.order,
        clock: engine.clock,
        effects: effectsOn(engine),
    });
    const silence = await shared.onWake((key) => wakes.wake(key));
    return {
        cluster: { shared, collect: createSharedCollector(shared), follower, wakes, lease },
        async stop() {
            await Promise.allSettled([follower.stop(), silence()]);
        },
    };
}
//# sourceMappingURL=join-cluster.js.map