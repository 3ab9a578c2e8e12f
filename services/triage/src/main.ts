import { loadDomain } from '@concord/domain'
import { runService } from '@concord/runtime'
import { createTriage } from './service.ts'

await runService({
  name: 'triage',
  async create({ config }) {
    return createTriage({ domain: await loadDomain(config.domain.folder) })
  },
})
