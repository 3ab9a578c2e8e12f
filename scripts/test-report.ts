/** The parts of vitest's JSON report that are counted. */
export interface Report {
  success: boolean
  testResults: { status: string; assertionResults: { status: string }[] }[]
}

export interface Count {
  passed: number
  failed: number
}

/** A file that failed without a failed test, because it could not be loaded, counts as one failure; so does a run that failed otherwise. */
export function countTests({ success, testResults }: Report): Count {
  const count = addCounts(
    testResults.map(({ status, assertionResults }) => {
      const of = (wanted: string) => assertionResults.filter((test) => test.status === wanted).length
      return { passed: of('passed'), failed: Math.max(of('failed'), status === 'failed' ? 1 : 0) }
    }),
  )
  return success ? count : { ...count, failed: Math.max(count.failed, 1) }
}

export function addCounts(counts: Count[]): Count {
  return counts.reduce((sum, { passed, failed }) => ({ passed: sum.passed + passed, failed: sum.failed + failed }), {
    passed: 0,
    failed: 0,
  })
}
