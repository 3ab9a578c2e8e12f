import { expect, test } from 'vitest'
import { contractPage } from './contract-page.ts'
import { loadSchemas } from './schemas.ts'
import { topics } from './topics.ts'

test('docs/contracts.md says what the contracts say', async () => {
  const page = contractPage(loadSchemas(), topics)
  await expect(page).toMatchFileSnapshot('../../../docs/contracts.md')
})

test('the page lists what zod asks beyond Avro', () => {
  const page = contractPage(loadSchemas(), topics)
  expect(page).toContain('- `confidence` double: 0 to 1.')
  expect(page).toMatch(/- `text` string, personal: at most 20000 characters; else "the text is empty"; /)
  expect(page).toContain('Beyond Avro: the fields that its kind needs are filled.')
})
