import type { Scale } from '@concord/dev-env/up'
export async function runEmbedded(_options: { domainFolder: string; scale: Scale; json: boolean }): Promise<void> {}
