/** Runs the back end alone: `PORT` (default 4020), `DATA_DIR` (default: in memory). */
import process from 'node:process'
import { startBackend } from './server.ts'

const { PORT = '4020', HOST = '127.0.0.1', DATA_DIR } = process.env
const port = Number(PORT)
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  process.stderr.write(`PORT is '${PORT}'; it must be a whole number from 0 to 65535.\n`)
  process.exit(2)
}

const backend = await startBackend({ port, host: HOST, ...(DATA_DIR === undefined ? {} : { dataDir: DATA_DIR }) })
process.stdout.write(`${JSON.stringify({ msg: 'listening', url: backend.url })}\n`)

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => void backend.close().then(() => process.exit(0)))
}
