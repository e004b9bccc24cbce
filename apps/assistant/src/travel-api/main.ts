// The process of the demo's travel service. It tells its parent when it listens, and ends with it: when the channel to
// the parent closes, for whatever reason, there is nobody left to serve.
import { createTravelApi } from './server.ts'

const token = process.env['API_TOKEN']
const api = createTravelApi(token === undefined ? {} : { token })
process.on('disconnect', () => process.exit(0))
// A signal to the whole group is the parent's to act on.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined)
await api.listen(Number(process.env['PORT'] ?? 0))
process.send?.('listening')
