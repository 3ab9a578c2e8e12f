import type { CasePath, Step } from './steps.ts'

/** The path as a person reads it, with times, costs and, at the end, the reply. */
export function renderPath(path: CasePath): string {
  const tokens = path.calls.reduce((sum, { inputTokens, outputTokens }) => sum + inputTokens + outputTokens, 0)
  const prices = path.calls.map(({ costMicros }) => costMicros)
  const cost = prices.includes(null)
    ? 'cost unknown (no price book entry)'
    : `cost ${(prices.reduce<number>((sum, price) => sum + (price ?? 0), 0) / 1e6).toFixed(4)}`
  return [
    `${path.requestId}: ${path.outcome} (${path.reason}) after ${path.ms} ms`,
    `trace ${path.traceIds.join(', ')}; ${path.calls.length} model calls, ${tokens} tokens, ${cost}`,
    '',
    ...path.steps.flatMap(renderStep),
    ...(path.calls.length === 0 ? [] : ['', 'model calls', ...path.calls.map(renderCall)]),
    ...(path.conflicts.length === 0
      ? []
      : [
          '',
          'conflicts',
          ...path.conflicts.map(
            ({ layer, severity, sentence, settledBy }) =>
              `  [${layer}, ${severity}] ${sentence} Settled by: ${settledBy ?? 'nobody'}.`,
          ),
        ]),
    ...(path.text === null ? [] : ['', 'reply', ...path.text.split('\n').map((line) => `  ${line}`)]),
  ].join('\n')
}

function renderStep({ at, who, what, said, basis }: Step): string[] {
  const head = `${`+${at} ms`.padStart(10)}  ${who.padEnd(12)} ${what.padEnd(16)} ${said.replaceAll(/\s+/g, ' ')}`
  return basis.length === 0 ? [head] : [head, `${' '.repeat(42)}on ${basis.join(', ')}`]
}

const renderCall = ({ agent, model, attempts, inputTokens, outputTokens, ms }: CasePath['calls'][number]): string =>
  `  ${agent.padEnd(10)} ${model}, ${attempts} attempt${attempts === 1 ? '' : 's'}, ${inputTokens} + ${outputTokens} tokens, ${ms} ms`
