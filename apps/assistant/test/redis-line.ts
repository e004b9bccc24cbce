import { once } from 'node:events'
import { connect } from 'node:net'

/** Asks Redis as another program would, outside of the cache: the answer's text, null for none, a number for `:`. */
export async function askRedis(url: string, ...words: readonly string[]): Promise<string | number | null> {
  const { hostname, port, pathname } = new URL(url)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  const encode = (command: readonly string[]): string =>
    `*${command.length}\r\n${command.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`
  // QUIT makes the server close after its last answer.
  socket.write(encode(['SELECT', pathname.slice(1) || '0']) + encode(words) + encode(['QUIT']))
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  await once(socket, 'close')
  const answer = Buffer.concat(chunks)
    .toString()
    .replace(/^\+OK\r\n/, '')
    .replace(/\+OK\r\n$/, '')
  if (answer.startsWith('-')) throw new Error(`Redis: ${answer.trim()}`)
  if (answer.startsWith('$-1')) return null
  if (answer.startsWith(':')) return Number(answer.slice(1))
  return answer.replace(/^(?:\$\d+|\+OK)\r\n/, '').replace(/\r\n$/, '')
}
