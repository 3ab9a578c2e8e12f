import { InvalidArgumentError } from 'commander'

/** The value of an option that counts something. */
export function numberAbove0(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('It must be a whole number above 0.')
  return Number(text)
}
