import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { forgetRun, readRun, runFolder, writeRun, type RunRecord } from './run-folder.ts'

const record: RunRecord = {
  startedAt: '2026-01-01T00:00:00.000Z',
  parts: [{ name: 'redis', by: 'given', address: 'redis://:secret@host:6379' }],
  env: { REDIS_URL: 'redis://:secret@host:6379' },
  replicas: [{ name: 'triage-0', service: 'triage', pid: null, port: 4100, log: 'triage-0.log' }],
}

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'concord-run-'))
  onTestFinished(() => rm(dir, { recursive: true }))
})

test('what was written is read, until it is forgotten', async () => {
  expect(await readRun(dir)).toBeNull()
  await writeRun(dir, record)
  expect(await readRun(dir)).toEqual(record)
  await forgetRun(dir)
  expect(await readRun(dir)).toBeNull()
})

test('only its owner may read it', async () => {
  await writeRun(dir, record)
  expect((await stat(join(dir, 'up.json'))).mode & 0o777).toBe(0o600)
})

test('a record that nobody of us wrote is named, with the mend', async () => {
  await writeFile(join(dir, 'up.json'), '{"parts":1}')
  await expect(readRun(dir)).rejects.toThrow(`${join(dir, 'up.json')} cannot be read. Run ./concord down.`)
})

test('the folder stands in the repository, or where CONCORD_RUN says', () => {
  expect(runFolder({})).toMatch(/[/\\]\.concord[/\\]run$/)
  expect(runFolder({ CONCORD_RUN: '/elsewhere' })).toBe('/elsewhere')
})
