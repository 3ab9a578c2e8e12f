/** What a service says of itself on its page of figures, as far as the lag is concerned. */

export interface Figures {
  service: string
  inFlight: number
  limit: number
  queued: number
  waiting: number
  paused: number
  rebalances: number
  commits: number
  commitFailures: number
  /** Of all commits so far, together. */
  commitSeconds: number
  /** The longest that a message under way has been there. */
  oldestIncompleteSeconds: number
}

interface Sample {
  name: string
  service: string
  value: number
}

/** @param page in Prometheus' text format. @returns null for a page that is none of a service of ours */
export function readFigures(page: string): Figures | null {
  const samples = page.split('\n').flatMap(readSample)
  const [first] = samples
  if (first === undefined) return null
  const valuesOf = (name: string): number[] => samples.filter((one) => one.name === `concord_${name}`).map(({ value }) => value)
  const sum = (name: string): number => valuesOf(name).reduce((a, b) => a + b, 0)
  return {
    service: first.service,
    inFlight: sum('messages_in_flight'),
    limit: sum('messages_in_flight_limit'),
    queued: sum('messages_queued'),
    waiting: sum('messages_waiting'),
    paused: sum('partitions_paused'),
    rebalances: sum('rebalances_total'),
    commits: sum('commits_total'),
    commitFailures: sum('commit_failures_total'),
    commitSeconds: sum('commit_seconds_sum'),
    oldestIncompleteSeconds: Math.max(0, ...valuesOf('oldest_incomplete_seconds')),
  }
}

/** Of the pages that are ours. */
export function figuresOf(pages: readonly string[]): Figures[] {
  return pages.map(readFigures).filter((figures) => figures !== null)
}

function readSample(line: string): Sample[] {
  const [, name = '', labels = '', value = ''] = /^(concord_\w+)\{(.*)\} (\S+)$/.exec(line) ?? []
  const [, service] = /(?:^|,)service="([^"]*)"/.exec(labels) ?? []
  return service === undefined || Number.isNaN(Number(value)) ? [] : [{ name, service, value: Number(value) }]
}
