import { openResults } from '@reprise/results'
import { crossingSuite } from './crossing.ts'
import { testServer } from './server.ts'

const server = await testServer('crossing')

crossingSuite(async () => {
  await (await openResults({ database: await server.open(), types: {} })).close()
  await server.grant()
  return server.open(server.applicationUrl)
})
