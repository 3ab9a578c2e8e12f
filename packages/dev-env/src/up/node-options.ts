/**
 * How Node runs a service. Without bounds its heap grows to several times of what is in use before it is swept. The new space is bounded,
 * because a service at rest keeps all of it; the old space has room for the largest messages, many at once.
 */
export const serviceNodeOptions: readonly string[] = [
  '--max-semi-space-size=16',
  '--max-old-space-size=512',
  '--import',
  '@concord/telemetry/start',
]
