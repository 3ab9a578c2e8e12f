export { startBackEnd, type BackEnd } from './back-end.ts'
export { startConstellation, type Constellation, type ConstellationOptions, type Ports } from './constellation.ts'
export { roster, serviceNames, type Materials, type Service, type ServiceName } from './roster.ts'
export { topicSpecs, type Reader } from './topics.ts'
