import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { repositoryRoot } from '../real/cache.ts'
import { serviceNodeOptions } from './node-options.ts'

test('the image runs services as the native constellation does', () => {
  const image = readFileSync(join(repositoryRoot, 'infra', 'docker', 'Dockerfile'), 'utf8')
  const [, entry = '[]'] = /^ENTRYPOINT (.+)$/m.exec(image) ?? []
  expect(JSON.parse(entry)).toEqual(['node', ...serviceNodeOptions])
})
