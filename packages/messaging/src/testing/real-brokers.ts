/** Addresses of the Kafka that `.real.test.ts` files use, from `KAFKA_BROKERS`. */
export function kafkaBrokers(): string[] {
  const addresses = process.env.KAFKA_BROKERS ?? ''
  if (addresses === '') throw new Error('KAFKA_BROKERS is not set: give the addresses of a running Kafka, separated by commas.')
  return addresses.split(',')
}
