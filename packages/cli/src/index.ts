/** What whole-system tests share with the commands: how requests are sent, followed and judged. */
export { sampleErrands } from './demo/errands.ts'
export { unmet } from './demo/expectations.ts'
export { runDemo, type DemoRun, type Errand } from './demo/run-demo.ts'
export { type LogEntry } from './log/entry.ts'
export { tail, type Tail } from './log/tail.ts'
export { watchOutcomes, type OutcomeWatch, type RequestResult } from './requests/outcomes.ts'
export { requestRecord } from './requests/publish.ts'
export { parseRequest, readRequestFile } from './requests/request-file.ts'
