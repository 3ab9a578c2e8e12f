import { testBroker } from '../testing/test-broker.ts'
import { createKafkaBroker } from './kafka-broker.ts'
import { kafkaBrokers } from '../testing/real-brokers.ts'

testBroker('the Kafka broker', () => createKafkaBroker({ brokers: kafkaBrokers(), clientId: 'contract' }))
