/** The options by which letters are chosen, the same for list, replay and discard. */
import type { Command } from 'commander'
import { timeBefore, type LetterFilter } from '../dlq/filter.ts'

export interface FilterOptions extends Omit<LetterFilter, 'before' | 'settled'> {
  olderThan?: number
}

const names = ['agent', 'class', 'topic', 'key', 'request', 'conversation', 'since', 'olderThan'] as const

export function filtered(command: Command): Command {
  const time = (text: string): number => timeBefore(text, Date.now())
  return command
    .option('--agent <name>', 'given up by this agent')
    .option('--class <code>', 'for this reason, such as unreadable or model_refused')
    .option('--topic <topic>', 'from this topic: its noun or its full name')
    .option('--key <key>', 'with this partition key')
    .option('--request <id>', 'of this request')
    .option('--conversation <id>', 'of this conversation')
    .option('--since <time>', 'since then: 90s, 15m, 2h, 7d ago, or a time', time)
    .option('--older-than <time>', 'before then, written the same way', time)
}

export function filterOf({ olderThan, ...options }: FilterOptions): LetterFilter {
  const { agent, class: errorClass, topic, key, request, conversation, since } = options
  const wanted = { agent, class: errorClass, topic, key, request, conversation, since, before: olderThan }
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined)) as LetterFilter
}

/** Whether any condition is named: what acts on letters does not act on all of them by accident. */
export const namesSome = (options: FilterOptions): boolean => names.some((name) => options[name] !== undefined)
