import { linkTo, whenReady } from './link.js';
/** Wake-ups of a channel. A client subscribes again by itself after a lost connection; what came meanwhile is lost. */
export function makeWakes(context) {
    const { settings, channel, onError } = context;
    const listeners = new Set();
    let stop;
    let begun;
    let closed = false;
    const begin = async () => {
        const link = linkTo(context.client().duplicate(), onError);
        const { client } = link;
        const hear = (from, payload) => {
            if (String(from) !== channel)
                return;
            const key = String(payload);
            for (const listener of listeners)
                listener(key);
        };
        stop = () => {
            client.off('messageBuffer', hear);
            link.detach();
            client.disconnect();
        };
        client.on('messageBuffer', hear);
        try {
            await whenReady(client, settings.patience, settings.clock);
            await client.subscribe(channel);
        }
        catch (error) {
            stop();
            begun = undefined;
            throw error;
        }
    };
    return {
        async onWake(listener) {
            if (closed)
                throw new Error('redis onWake: closed');
            // Each call has an entry of its own, so that one listener given twice is stopped one at a time.
            const own = (key) => listener(key);
            begun ??= begin();
            await begun;
            listeners.add(own);
            return async () => {
                listeners.delete(own);
            };
        },
        close() {
            closed = true;
            listeners.clear();
            stop?.();
        },
    };
}
//# sourceMappingURL=wake.js.map