/** What each write does, or why it is refused. Pure: it returns the changed records. */
import type { Row, Table, Tables } from './records.ts'

export type Find = <T extends Table>(table: T, id: string) => Tables[T] | undefined
export type Written = { rows: Row[]; message: string } | { refused: string; message: string }

export interface WriteAsk {
  /** `DELETE appointments`, `PUT appointments/slot`. */
  name: string
  id: string
  args: Readonly<Record<string, unknown>>
  now: number
  find: Find
}

/** The record that a write is about, or undefined where there is no such write or record. */
export function targetOf({ name, id, find }: WriteAsk): Tables[Table] | undefined {
  const table = name.split(' ')[1]?.split('/')[0]
  const known = Object.hasOwn(writes, name)
  return known ? find(table as Table, id) : undefined
}

/** Call only for a write that has a target. */
export function apply(ask: WriteAsk): Written {
  return writes[ask.name]!(ask)
}

const next = <T extends { version: number }>(record: T, change: Partial<T>): T => ({
  ...record,
  ...change,
  version: record.version + 1,
})

const writes: Record<string, (ask: WriteAsk) => Written> = {
  'DELETE appointments': ({ id, now, find }) => {
    const visit = find('appointments', id)!
    if (visit.status !== 'booked') return { refused: 'not_booked', message: 'The appointment is not booked any more.' }
    if (Date.parse(visit.start) < now) return { refused: 'over', message: 'The appointment is over.' }
    return {
      rows: [{ table: 'appointments', record: next(visit, { status: 'cancelled' }) }],
      message: 'The appointment is cancelled.',
    }
  },
  'PUT appointments/slot': ({ id, args, find }) => {
    const visit = find('appointments', id)!
    const slot = find('slots', String(args['slot']))
    if (slot?.free !== true) return { refused: 'slot_taken', message: 'The slot is not free.' }
    const moved = next(visit, { start: slot.start, slot: slot.id })
    const rows: Row[] = [
      { table: 'appointments', record: moved },
      { table: 'slots', record: next(slot, { free: false }) },
    ]
    return { rows, message: 'The appointment is moved.' }
  },
  'POST prescriptions/repeats': ({ id, now, find }) => {
    const prescription = find('prescriptions', id)!
    if (prescription.repeatsLeft < 1) return { refused: 'used_up', message: 'There are no repeats left.' }
    const given = next(prescription, { repeatsLeft: prescription.repeatsLeft - 1, lastGiven: new Date(now).toISOString() })
    return { rows: [{ table: 'prescriptions', record: given }], message: 'The prescription is ordered.' }
  },
  'POST bills/waiver': ({ id, args, find }) => {
    const bill = find('bills', id)!
    const patient = find('patients', bill.patientId)!
    if (bill.status !== 'open') return { refused: 'settled', message: 'The bill is settled.' }
    if (args['amountMinor'] !== bill.amountMinor) return { refused: 'wrong_amount', message: 'A bill is waived in full.' }
    const rows: Row[] = [
      { table: 'bills', record: next(bill, { status: 'waived' }) },
      { table: 'patients', record: next(patient, { waivers: patient.waivers + 1 }) },
    ]
    return { rows, message: 'The bill is waived.' }
  },
  'POST patients/records': ({ id, find }) => {
    const patient = find('patients', id)!
    const sent = next(patient, { recordsSent: patient.recordsSent + 1 })
    return { rows: [{ table: 'patients', record: sent }], message: 'The records are on their way.' }
  },
}
