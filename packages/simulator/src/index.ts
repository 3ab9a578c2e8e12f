export { modelName } from './completion.ts'
export { faultKinds, type FaultKind, type FaultRule } from './faults.ts'
export { createSimulator, type Simulator, type SimulatorCall, type SimulatorOptions } from './simulator.ts'
