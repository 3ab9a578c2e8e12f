/** Results go to standard output, so that they can be piped; what is being done goes to standard error. */
export const print = (text: string): void => void process.stdout.write(`${text}\n`)
export const printJson = (value: unknown): void => print(JSON.stringify(value))
export const tell = (line: string): void => void process.stderr.write(`${line}\n`)
