/** `count-tests.ts DIR` adds up the runner's JSON reports in DIR, prints `N passed, N failed`, and fails unless all passed and some ran. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { addCounts, countTests, type Report } from './test-report.ts'

const directory = process.argv[2] ?? '.'
const count = addCounts(reportFiles().map((file) => countTests(JSON.parse(readFileSync(file, 'utf8')) as Report)))
console.log(`${count.passed} passed, ${count.failed} failed`)
process.exitCode = count.failed === 0 && count.passed > 0 ? 0 : 1

function reportFiles(): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => name.endsWith('.json'))
      .map((name) => join(directory, name))
  } catch {
    return [] // nothing ran
  }
}
