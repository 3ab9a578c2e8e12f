import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { patchConnect } from './connection-patch.ts'

interface Pool {
  getConnection(index: number): Promise<unknown>
}

const { prototype } = createRequire(import.meta.url)('kafkajs/src/network/connectionPool') as { prototype: Pool }

/** A connection as the client has it, which says how often it was opened. */
function aConnection(outcomes: ('opens' | 'fails')[] = []) {
  const state = { open: false, opened: 0 }
  return {
    state,
    isConnected: () => state.open,
    async connect() {
      state.opened++
      await Promise.resolve()
      if (outcomes.shift() === 'fails') throw new Error('refused')
      state.open = true
    },
  }
}

const poolOf = (connection: unknown): Pool => Object.assign(Object.create(prototype) as Pool, { pool: [{}, connection] })

test('requests that find a connection closed at the same time open one', async () => {
  patchConnect()
  const connection = aConnection()
  const pool = poolOf(connection)
  await Promise.all([pool.getConnection(1), pool.getConnection(1), pool.getConnection(1)])
  expect(connection.state.opened).toBe(1)
  connection.state.open = false
  expect(await pool.getConnection(1)).toBe(connection)
  expect(connection.state.opened).toBe(2)
})

test('a connection that could not be opened is opened anew by whoever asks next', async () => {
  patchConnect()
  const pool = poolOf(aConnection(['fails', 'opens']))
  const both = await Promise.allSettled([pool.getConnection(1), pool.getConnection(1)])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  await expect(pool.getConnection(1)).resolves.toBeDefined()
})
