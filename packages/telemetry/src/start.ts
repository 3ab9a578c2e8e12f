/**
 * For `node --import`: exports spans when OTEL_EXPORTER_OTLP_ENDPOINT is set, and otherwise loads nothing. The only reader of OTEL_*;
 * all further settings are the SDK's own: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
import { once } from 'node:events'
import { env } from 'node:process'

if (env['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']) {
  const { startNodeSDK } = await import('@opentelemetry/sdk-node')
  const sdk = startNodeSDK({
    resourceAttributes: { 'service.name': env['OTEL_SERVICE_NAME'] ?? 'concord' },
    metricReaders: [],
    logRecordProcessors: [],
  })
  void once(process, 'beforeExit').then(() => sdk.shutdown())
}
