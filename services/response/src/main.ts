import { loadDomain } from '@concord/domain'
import { runService } from '@concord/runtime'
import { createResponse } from './service.ts'

await runService({
  name: 'response',
  async create({ config }) {
    return createResponse({ domain: await loadDomain(config.domain.folder) })
  },
})
