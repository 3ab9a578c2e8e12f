/** What the demo sends: the domain's samples, or a file of requests. */
import type { Request } from '@concord/contracts'
import type { Domain, Sample } from '@concord/domain'
import { parseRequest } from '../requests/request-file.ts'
import type { Errand } from './run-demo.ts'

export function sampleErrands(domain: Domain, tenantId: string): Errand[] {
  const byId = new Map(domain.samples.map((sample) => [sample.id, sample]))
  return domain.samples.map((sample) => ({
    sample,
    request: requestOf(sample, byId, tenantId),
    ...(waitsFor(sample) !== undefined && { after: waitsFor(sample) as string }),
  }))
}

/** A repeat is sent when the first has its outcome, so that both are told apart. */
const waitsFor = ({ request }: Sample): string | undefined => request.after ?? request.repeats

function requestOf(sample: Sample, byId: ReadonlyMap<string, Sample>, tenantId: string): Request {
  const repeated = sample.request.repeats === undefined ? undefined : byId.get(sample.request.repeats)
  if (repeated !== undefined) return requestOf(repeated, byId, tenantId)
  const { after: _, repeats: __, ...fields } = sample.request
  return parseRequest({ requestId: sample.id, ...fields }, tenantId, `sample ${sample.id}`)
}
