import { done, type Step } from '../work.ts'

/** All that the message caused is acknowledged: its offset may be committed. */
export const commit: Step = async () => done
