import type { RecordMetadata } from 'kafkajs'
import { expect, test } from 'vitest'
import { cut, takeParcels, unacknowledged, type Parcel, type PlacedRecord } from './batch.ts'

const parcel = (bytes: number): Parcel => ({ records: [], bytes, resolve() {}, reject() {} })
const record = (topic: string, partition: number): PlacedRecord => ({ topic, partition, key: null, value: null, headers: {} })
const answer = (topicName: string, partition: number): RecordMetadata => ({ topicName, partition, errorCode: 0 })

test('a batch takes what fits, in order', () => {
  const queue = [4, 4, 4].map(parcel)
  expect(takeParcels(queue, 10)).toHaveLength(2)
  expect(queue).toHaveLength(1)
})

test('a parcel that is too big goes alone', () => {
  const queue = [20, 1].map(parcel)
  expect(takeParcels(queue, 10).map(({ bytes }) => bytes)).toEqual([20])
})

test('records are cut into runs that fit, in order', () => {
  expect(cut([4, 4, 4, 9, 1, 1], (bytes) => bytes, 10)).toEqual([[4, 4], [4], [9, 1], [1]])
  expect(cut([], () => 1, 10)).toEqual([])
})

test('a partition without an answer is not acknowledged', () => {
  const records = [record('a', 0), record('a', 1), record('b', 0)]
  expect(unacknowledged(records, [answer('a', 0), answer('b', 0)])).toEqual([record('a', 1)])
})
