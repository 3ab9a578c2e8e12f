import { InvalidArgumentError } from 'commander'

/** The value of an option that counts something. */
export function numberAbove0(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('It must be a whole number above 0.')
  return Number(text)
}

/** The value of an option that counts from 0. */
export function numberFrom0(text: string): number {
  if (!/^(0|[1-9]\d{0,6})$/.test(text)) throw new InvalidArgumentError('It must be a whole number, from 0 on.')
  return Number(text)
}
