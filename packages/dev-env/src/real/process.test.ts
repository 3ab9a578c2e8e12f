import { spawn } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '@concord/testing'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { identityOf } from './identity.ts'
import { startProcess, type Launch } from './process.ts'
import { listRecorded, stopRecorded } from './recorded.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'concord-process-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
})

const isUp = async (log: string) => log.includes('up')
const lasting = `console.log('up'); setInterval(() => {}, 1000)`
const launch = (script: string, options: Partial<Launch> = {}): Launch => ({
  name: 'part',
  dir,
  command: process.execPath,
  args: ['-e', script],
  ready: isUp,
  ...options,
})

test('a process is there once it is ready, and gone once it is stopped', async () => {
  const part = await startProcess(launch(lasting))
  expect(await identityOf(part.pid)).toBeDefined()
  await part.stop()
  await part.stop()
  expect(await identityOf(part.pid)).toBeUndefined()
  expect(await listRecorded(dir)).toEqual([])
})

test('a restart is another process, and ready again', async () => {
  const part = await startProcess(launch(lasting))
  onTestFinished(() => part.stop('SIGKILL'))
  const before = part.pid
  await part.restart()
  expect(part.pid).not.toBe(before)
  expect(await identityOf(before)).toBeUndefined()
  expect(await listRecorded(dir)).toEqual([{ name: 'part', pid: part.pid }])
})

test('a process that ends at start is an error with the end of its log', async () => {
  const script = `console.error('the port is taken'); process.exitCode = 3`
  await expect(startProcess(launch(script))).rejects.toThrow(/part ended with 3 at start[^]*the port is taken/)
})

test('a process that is never ready is an error with the end of its log, and does not stay', async () => {
  const script = `console.log(process.pid); console.log('still loading'); setInterval(() => {}, 1000)`
  let pid = 0
  const ready = async (log: string) => {
    pid = Number.parseInt(log) || pid
    return false
  }
  await expect(startProcess(launch(script, { ready, timeoutMs: 1_000 }))).rejects.toThrow(
    /was not ready in 1000 ms[^]*still loading/,
  )
  await eventually(async () => expect(await identityOf(pid)).toBeUndefined())
})

test('a command that is not there is an error that names it', async () => {
  await expect(startProcess(launch('', { command: 'no-such-command' }))).rejects.toThrow(
    /could not be started: .*no-such-command/,
  )
})

test('a detached process outlives the one that started it, until it is stopped by its record', async () => {
  const started = join(import.meta.dirname, 'process.ts')
  const script = `
    const { startProcess } = await import(${JSON.stringify(started)})
    await startProcess({ name: 'part', dir: ${JSON.stringify(dir)}, command: process.execPath, detached: true,
      args: ['-e', ${JSON.stringify(lasting)}], ready: async (log) => log.includes('up') })`
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' })
  await new Promise((resolve) => parent.once('exit', resolve))
  const [part] = await listRecorded(dir)
  expect(part).toMatchObject({ name: 'part' })
  expect(await stopRecorded(dir)).toEqual([part])
  expect(await identityOf(part?.pid ?? 0)).toBeUndefined()
  expect((await readdir(dir)).filter((name) => name.endsWith('.pid'))).toEqual([])
})

test('a record whose process id now belongs to another process stops nothing', async () => {
  const other = await startProcess(launch(lasting, { name: 'other', dir: join(dir, 'elsewhere') }))
  onTestFinished(() => other.stop('SIGKILL'))
  await writeFile(join(dir, 'part.pid'), `${other.pid}\nstarted long ago\n`)
  expect(await stopRecorded(dir)).toEqual([])
  expect(await identityOf(other.pid)).toBeDefined()
})
