import process from 'node:process'
import { startBackend } from './server.ts'

const { PORT = '8096', DATA_DIR } = process.env
const backend = await startBackend({ port: Number(PORT), ...(DATA_DIR === undefined ? {} : { dataDir: DATA_DIR }) })
process.stdout.write(`${backend.url}\n`)
process.once('SIGTERM', () => void backend.close())
process.once('SIGINT', () => void backend.close())
