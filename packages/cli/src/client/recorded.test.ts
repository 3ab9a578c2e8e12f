import { aRequest } from '@concord/contracts/testing'
import { expect, test } from 'vitest'
import { anEntry } from '../testing/entries.ts'
import { createRecordedClient } from './recorded.ts'

test('the record of a demo can be looked at, and nothing more', async () => {
  const client = createRecordedClient([anEntry('requests', aRequest())])
  expect(await client.entriesOf('req-1')).toHaveLength(1)
  expect(await client.entriesOf('req-2')).toEqual([])
  for (const call of [client.send(aRequest()), client.waiting(), client.lag()]) {
    await expect(call).rejects.toThrow('nothing is running. Start ./concord up --embedded, or ./concord up')
  }
})

test('where nothing runs and no demo has run, that is said', async () => {
  await expect(createRecordedClient(null).entriesOf('req-1')).rejects.toThrow('nothing is running')
})
