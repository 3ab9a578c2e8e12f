/** Names in the store and on the broker. */

/** The result of an agent's work on one input message. */
export const workKey = (agent: string, tenantId: string, inputId: string): string => `work/${agent}/${tenantId}/${inputId}`

/** Before the keys that a handler uses itself. */
export const agentPrefix = (agent: string, tenantId: string): string => `agent/${agent}/${tenantId}/`

/** A case of a process; its key begins with the tenant. */
export const caseStoreKey = (process: string, key: string): string => `case/${process}/${key}`

/** The case that a store key is of. */
export const keyOfCase = (process: string, storeKey: string): string => storeKey.slice(caseStoreKey(process, '').length)

/** Index of cases by their next deadline. */
export const dueIndex = (process: string, partition: number): string => `due/${process}/${partition}`

/** Index of cases whose outbox is not published, by when it was filled. */
export const outboxIndex = (process: string, partition: number): string => `outbox/${process}/${partition}`

/** The sentinel of the cases that live in a partition: while it stands whole, what the store holds of them is all there is. */
export const stateSentinel = (process: string, partition: number): string => `state/${process}/${partition}`

/** Where a group puts what it gives up. */
export const deadLetterTopic = (topic: string, group: string): string => `${topic}.${group}.dlq`
