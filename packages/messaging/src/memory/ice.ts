/** What holds up the calls of a client while a test keeps it frozen. */
export interface Ice {
  frozen(): boolean
  freeze(): void
  thaw(): void
  /** Resolves once the client is not frozen. */
  melted(): Promise<void>
}

export function createIce(): Ice {
  let melting: PromiseWithResolvers<void> | undefined
  return {
    frozen: () => melting !== undefined,
    freeze: () => void (melting ??= Promise.withResolvers()),
    thaw() {
      melting?.resolve()
      melting = undefined
    },
    async melted() {
      while (melting !== undefined) await melting.promise
    },
  }
}
