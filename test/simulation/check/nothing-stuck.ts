/** After everything has healed nothing waits: all is read, all cases are closed, nobody has given up. */
import type { Check } from './facts.ts'

export const nothingStuck: Check = ({ lag, stored, accidents }) => [
  ...accidents,
  ...lag
    .filter(({ committed, high }) => high > 0 && committed < high)
    .map(
      ({ group, topic, partition, committed, high }) => `${group} stands at ${committed} of ${high} in ${topic}/${partition}.`,
    ),
  ...[...stored]
    .filter(([, { state }]) => (state as { status: string }).status !== 'closed')
    .map(([key, { state }]) => `${key} is still ${(state as { status: string }).status}.`),
]
