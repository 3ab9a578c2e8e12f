/** The main file of a service that only waits: for the tests of its process. */
import { requests } from '@concord/contracts'
import { defineAgent, perSecond, runService, seconds, skip } from '../index.ts'

const explode = process.env['EXPLODE']
if (explode !== undefined) setTimeout(() => void JSON.parse(explode), 500)

await runService({
  name: 'waiting',
  create: () =>
    defineAgent({
      name: 'waiting',
      version: '1',
      domainVersion: '1',
      consumes: [requests],
      produces: [],
      concurrency: 1,
      rate: perSecond(1),
      deadline: seconds(1),
      handle: async () => skip('never'),
    }),
})
