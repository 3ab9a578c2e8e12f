export { testBroker } from './testing/test-broker.ts'
