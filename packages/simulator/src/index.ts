export { modelName } from './completion.ts'
export { faultKinds, type FaultKind, type FaultRule } from './faults.ts'
export { createResponder, type Responder, type ResponderOptions, type Said, type SimulatorCall } from './responder.ts'
export { createSimulator, type Simulator, type SimulatorOptions } from './simulator.ts'
