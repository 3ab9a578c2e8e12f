import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openLedger, type Operation } from './ledger.ts'
import type { Invoice, Stored } from './records.ts'

const invoice = (copiesSent: number): Invoice => ({
  id: '1',
  version: String(copiesSent + 1),
  customerId: 'C1',
  orderId: 'W1',
  totalMinor: 100,
  copiesSent,
})
const seed: Stored[] = [{ collection: 'invoices', record: invoice(0) }]

const operation = (key: string, copiesSent: number): Operation => ({
  key,
  fingerprint: 'f',
  at: '2026-01-01T00:00:00.000Z',
  result: { status: 'done' },
  version: String(copiesSent + 1),
  writes: [{ collection: 'invoices', record: invoice(copiesSent) }],
})

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'shop-ledger-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

/** What a process leaves that ends without closing anything. */
function journalOf(...keys: string[]): string {
  const dataDir = folder()
  const ledger = openLedger(seed, dataDir)
  keys.forEach((key, at) => ledger.commit(operation(key, at + 1)))
  ledger.close()
  return dataDir
}

test('what was committed is there after a restart', () => {
  const ledger = openLedger(seed, journalOf('a', 'b'))
  expect(ledger.get('invoices', '1')?.copiesSent).toBe(2)
  expect(ledger.operation('a')).toEqual(operation('a', 1))
  ledger.close()
})

test('a torn last line is forgotten, and what follows can be read', () => {
  const dataDir = journalOf('a')
  appendFileSync(join(dataDir, 'journal.jsonl'), JSON.stringify(operation('torn', 2)).slice(0, 40))

  const ledger = openLedger(seed, dataDir)
  expect(ledger.operation('torn')).toBeUndefined()
  expect(ledger.get('invoices', '1')?.copiesSent).toBe(1)
  ledger.commit(operation('c', 2))
  ledger.close()

  const again = openLedger(seed, dataDir)
  expect(again.operation('a')).toBeDefined()
  expect(again.operation('c')).toBeDefined()
  again.close()
})

test('damage before the last line is reported with file and line', () => {
  const dataDir = journalOf('a', 'b')
  const path = join(dataDir, 'journal.jsonl')
  writeFileSync(path, readFileSync(path, 'utf8').replace('{', '#'))
  expect(() => openLedger(seed, dataDir)).toThrow(/journal\.jsonl, line 1/)
})

test('what could not be written has not happened', () => {
  const ledger = openLedger(seed, folder())
  ledger.close()
  expect(() => ledger.commit(operation('a', 1))).toThrow(/EBADF/)
  expect(ledger.get('invoices', '1')?.copiesSent).toBe(0)
  expect(ledger.operation('a')).toBeUndefined()
})

test('without a folder everything stays in memory', () => {
  const ledger = openLedger(seed, null)
  ledger.commit(operation('a', 1))
  expect(ledger.get('invoices', '1')?.copiesSent).toBe(1)
  expect(openLedger(seed, null).operation('a')).toBeUndefined()
})
