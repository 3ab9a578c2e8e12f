import { loadDomain } from '@concord/domain'
import { runService } from '@concord/runtime'
import { createKnowledge } from './service.ts'

await runService({
  name: 'knowledge',
  async create({ config }) {
    return createKnowledge({ domain: await loadDomain(config.domain.folder) })
  },
})
