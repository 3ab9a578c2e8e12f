import { loadDomain } from '@concord/domain'
import { runService } from '@concord/runtime'
import { createCoordinator } from './service.ts'

await runService({
  name: 'coordinator',
  async create({ config }) {
    return createCoordinator({ domain: await loadDomain(config.domain.folder) })
  },
})
