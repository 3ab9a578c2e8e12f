/** For tests: a few intents of a bakery, learned in milliseconds. */
import fc from 'fast-check'
import type { Example } from './examples.ts'

const bakery: Readonly<Record<string, readonly string[]>> = {
  order: [
    'I would like to order two loaves of rye bread',
    'please put aside a chocolate cake for me',
    'can I order rolls for Sunday',
    'order a birthday cake for 12 people',
    'reserve 20 rolls for tomorrow',
    'I want to order bread',
  ],
  cancel: [
    'please cancel my order 4711',
    'I no longer want the cake, cancel it',
    'cancel the rolls for Sunday',
    'call off order 8812',
    'can I cancel an order',
    'I need to cancel my bread order',
  ],
  hours: [
    'when do you open on Saturday',
    'what are your opening hours',
    'are you open on Sunday morning',
    'until when is the shop open today',
    'at what time do you close',
    'opening times please',
  ],
  allergens: [
    'is there gluten in the rye bread',
    'does the cake contain nuts',
    'which rolls are free of milk',
    'I am allergic to eggs, what can I eat',
    'do you use lupin flour',
    'allergens in the chocolate cake',
  ],
  jobs: [
    'are you hiring bakers',
    'I would like to apply for a job',
    'do you train apprentices',
    'where do I send my application',
    'is there work at the weekend for a student',
    'job offers in your bakery',
  ],
}

export const bakeryExamples: readonly Example[] = Object.entries(bakery).flatMap(([label, texts]) =>
  texts.map((text) => ({ text, label })),
)

/** What it costs the processor, in milliseconds: unlike the clock, this does not see what else the machine does. */
export function processorMs(work: () => unknown): number {
  const before = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1_000
}

/** Any UTF-16 at all, halves of pairs too. */
export const anyText: fc.Arbitrary<string> = fc
  .array(fc.nat({ max: 0xff_ff }), { maxLength: 60 })
  .map((units) => String.fromCharCode(...units))
