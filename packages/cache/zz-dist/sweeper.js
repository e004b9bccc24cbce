import { publish } from './events.js';
import { removeDead, sweep } from './sweep.js';
/** Sweeps every `every` milliseconds by the engine's clock; 0 for never. Never two sweeps at a time. */
export function startSweeper(engine, every) {
    let timer;
    let wanted = false;
    let walking = false;
    const plan = () => {
        if (every <= 0 || engine.state.closed)
            return;
        timer = engine.clock.setTimeout(() => {
            engine.background(sweep(engine)
                .catch((error) => publish('tier-failed', { tier: 'log', operation: 'sweep', error }))
                .finally(plan));
        }, every, { background: true });
    };
    plan();
    async function walk() {
        walking = true;
        while (wanted && !engine.state.closed) {
            wanted = false;
            await removeDead(engine);
        }
        walking = false;
    }
    return {
        removeDead() {
            wanted = true;
            if (!walking)
                engine.background(walk());
        },
        stop: () => timer?.cancel(),
    };
}
//# sourceMappingURL=sweeper.js.map