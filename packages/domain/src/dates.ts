/** Dates without a time of day belong to the domain's time zone: an article valid until the 31st is valid all of that day there. */
const dayOnly = /^\d{4}-\d{2}-\d{2}$/

export const isDayOnly = (iso: string): boolean => dayOnly.test(iso)

/** Milliseconds since the epoch at which something valid from then becomes valid; null stays open. */
export function validFrom(iso: string | null, timezone: string): number | null {
  if (iso === null) return null
  return isDayOnly(iso) ? startOfDay(iso, timezone) : Date.parse(iso)
}

/** Milliseconds since the epoch, exclusive, at which something valid until then is over: after the whole day, where a day is named. */
export function validUntil(iso: string | null, timezone: string): number | null {
  if (iso === null) return null
  return isDayOnly(iso) ? startOfDay(dayAfter(iso), timezone) : Date.parse(iso)
}

function startOfDay(day: string, timezone: string): number {
  const utc = Date.parse(`${day}T00:00:00Z`)
  // The offset before the zone's midnight may differ from the one after it: the second look uses the nearer instant.
  const near = utc - offsetAt(utc, timezone)
  return utc - offsetAt(near, timezone)
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
}

/** Milliseconds that the zone's clocks are ahead of UTC. */
function offsetAt(instant: number, timezone: string): number {
  const parts = new Intl.DateTimeFormat('en', { timeZone: timezone, timeZoneName: 'longOffset' }).formatToParts(instant)
  const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? 'GMT'
  const match = /GMT([+-])(\d{2}):(\d{2})/.exec(name)
  if (match === null) return 0
  const minutes = Number(match[2]) * 60 + Number(match[3])
  return (match[1] === '-' ? -minutes : minutes) * 60_000
}

export function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name }).format(0)
    return true
  } catch {
    return false
  }
}
