import type { Client } from './client.ts'

export async function openEmbedded(): Promise<Client | null> {
  return null
}
