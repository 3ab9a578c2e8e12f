/** What a replica is told when a part does not answer it. */
import { Fault } from '@concord/contracts'

export const brokerAway = (): Fault => new Fault('broker_unavailable', 'the broker does not answer.', { retryable: true })

export const storeAway = (): Fault => new Fault('store_unavailable', 'the store does not answer.', { retryable: true })

/** As the platform's fetch has it. */
export const connectionLost = (): Error => new TypeError('the connection was lost')
