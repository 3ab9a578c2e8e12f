export { createVirtualClock, type VirtualClock } from './virtual-clock.ts'
export { eventually } from './eventually.ts'
export { startPath, type Path } from './path.ts'
