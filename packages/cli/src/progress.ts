import { Presets, SingleBar } from 'cli-progress'

export interface Progress {
  update(done: number): void
  stop(): void
}

/** A bar on standard error, so that results can be piped; silent where nobody looks. */
export function progressBar(total: number, wanted: boolean): Progress {
  if (!wanted || process.stderr.isTTY !== true) return { update: () => undefined, stop: () => undefined }
  const bar = new SingleBar(
    { format: '{bar} {value}/{total} requests, {duration_formatted}', hideCursor: true },
    Presets.shades_classic,
  )
  bar.start(total, 0)
  return { update: (done) => bar.update(done), stop: () => bar.stop() }
}
