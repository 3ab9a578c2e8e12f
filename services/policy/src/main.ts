import { createHttpTools, loadDomain } from '@concord/domain'
import { runService } from '@concord/runtime'
import { createPolicy } from './service.ts'

await runService({
  name: 'policy',
  async create({ config, deps }) {
    const domain = await loadDomain(config.domain.folder)
    const tools = createHttpTools({ baseUrl: config.domain.backEndUrl, tools: domain.tools.values(), clock: deps.clock })
    return createPolicy({ domain, tools })
  },
})
