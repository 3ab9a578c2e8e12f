import { Claim } from '../claims.ts'
import { Finding } from '../findings.ts'
import { Passage } from '../messages/knowledge.ts'
import { ToolResult, Verdict } from '../messages/policy.ts'
import { testTime, type Overrides } from './case.ts'

export function aClaim(overrides: Overrides<typeof Claim> = {}): Claim {
  return Claim.parse({
    id: 'c-1',
    subject: 'library',
    predicate: 'loan.period',
    value: { kind: 'duration', number: 30, unit: 'day' },
    source: { kind: 'passage', ref: 'loans@1#0', version: '1' },
    confidence: 0.9,
    ...overrides,
  })
}

export function aPassage(overrides: Overrides<typeof Passage> = {}): Passage {
  return Passage.parse({
    id: 'loans@1#0',
    document: 'loans',
    title: 'Loans',
    version: '1',
    chunk: 0,
    score: 4.2,
    text: 'A book may be kept for 30 days.',
    quote: 'A book may be kept for 30 days.',
    ...overrides,
  })
}

export function aVerdict(overrides: Overrides<typeof Verdict> = {}): Verdict {
  return Verdict.parse({
    id: 'v-1',
    action: 'extend_loan',
    subject: 'loan:L1',
    effect: 'permit',
    rule: 'loans.extend-once',
    reason: 'A loan may be extended once.',
    requested: true,
    obligations: [],
    args: '{"loan":"L1"}',
    recordVersion: '1',
    toolResults: [],
    ...overrides,
  })
}

export function aToolResult(overrides: Overrides<typeof ToolResult> = {}): ToolResult {
  return ToolResult.parse({
    id: 't-1',
    tool: 'get_loan',
    args: '{"loan":"L1"}',
    status: 'found',
    data: '{"loan":"L1","extended":false}',
    recordVersion: '1',
    at: testTime,
    ...overrides,
  })
}

export function aFinding(overrides: Overrides<typeof Finding> = {}): Finding {
  return Finding.parse({
    id: 'f-1',
    layer: 'claims',
    kind: 'claim_conflict',
    severity: 'major',
    sentence: 'Knowledge says 30 days, policy says 14 days.',
    left: { agent: 'knowledge', ref: 'c-1', statement: '30 days' },
    right: { agent: 'policy', ref: 'c-2', statement: '14 days' },
    ...overrides,
  })
}
