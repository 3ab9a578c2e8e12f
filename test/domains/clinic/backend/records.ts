/** What the practice keeps. Dates count from the day the desk opens, so that its appointments always lie ahead. */

interface Kept {
  id: string
  /** One more with each change; the record's ETag. */
  version: number
}

export interface Appointment extends Kept {
  patientId: string
  doctor: string
  start: string
  slot: string | null
  status: 'booked' | 'cancelled'
}
export interface Slot extends Kept {
  start: string
  free: boolean
}
export interface Prescription extends Kept {
  patientId: string
  medicine: string
  controlled: boolean
  repeatsLeft: number
  lastGiven: string
  daysSupply: number
}
export interface Bill extends Kept {
  patientId: string
  amountMinor: number
  status: 'open' | 'waived' | 'paid'
}
export interface Patient extends Kept {
  identityChecked: boolean
  waivers: number
  recordsSent: number
}

export interface Tables {
  appointments: Appointment
  slots: Slot
  prescriptions: Prescription
  bills: Bill
  patients: Patient
}
export type Table = keyof Tables
/** A record with the table that it stands in. */
export type Row = { [T in Table]: { table: T; record: Tables[T] } }[Table]

const hour = 3_600_000

/** @param now milliseconds since the epoch */
export function seed(now: number): Row[] {
  const inHours = (hours: number) => new Date(Math.floor(now / hour) * hour + hours * hour).toISOString()
  const visit = (id: string, patientId: string, doctor: string, hours: number): Row => ({
    table: 'appointments',
    record: { id, version: 1, patientId, doctor, start: inHours(hours), slot: null, status: 'booked' },
  })
  const medicine = (id: string, patientId: string, name: string, controlled: boolean, repeatsLeft: number): Row => ({
    table: 'prescriptions',
    record: { id, version: 1, patientId, medicine: name, controlled, repeatsLeft, lastGiven: inHours(-26 * 24), daysSupply: 30 },
  })
  const bill = (id: string, patientId: string, amountMinor: number): Row => ({
    table: 'bills',
    record: { id, version: 1, patientId, amountMinor, status: 'open' },
  })
  const patient = (id: string, identityChecked: boolean, waivers: number): Row => ({
    table: 'patients',
    record: { id, version: 1, identityChecked, waivers, recordsSent: 0 },
  })
  return [
    patient('P100', true, 0),
    patient('P200', false, 1),
    visit('A1001', 'P100', 'Dr. Okafor', 9 * 24),
    visit('A1002', 'P100', 'Dr. Lindqvist', 4 * 24),
    visit('A1003', 'P100', 'Dr. Okafor', 14),
    visit('A1004', 'P200', 'Dr. Moreau', 6 * 24),
    { table: 'slots', record: { id: 'S201', version: 1, start: inHours(7 * 24), free: true } },
    { table: 'slots', record: { id: 'S202', version: 1, start: inHours(8 * 24), free: false } },
    medicine('RX3001', 'P100', 'lisinopril', false, 3),
    medicine('RX3002', 'P100', 'oxycodone', true, 2),
    medicine('RX3003', 'P200', 'metformin', false, 0),
    bill('B50001', 'P100', 3_500),
    bill('B50002', 'P200', 7_000),
  ]
}
