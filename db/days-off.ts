// Days off work beside Saturdays and Sundays, as a new database knows them; staff confirm each year's.
import type pg from 'pg'
import type { Country } from './enums.ts'

export type DayOff = { on: string; name: string; isProvisional?: true }

/**
 * On the days on which they are kept: one on a weekend moves to the following working day or days. Sources: for Albania the
 * law on official holidays and the yearly decisions of its government, for Kosovo Law 03/L-064. 2027 waits for the calendars: both Bajrams may be a
 * day earlier, and where a moved day meets another the government decides.
 */
export const daysOff: Record<Country, { source: string; days: DayOff[] }> = {
  AL: {
    source: 'Ligji për festat zyrtare',
    days: [
      { on: '2026-01-01', name: 'Viti i Ri' },
      { on: '2026-01-02', name: 'Viti i Ri' },
      { on: '2026-03-16', name: 'Dita e Verës' },
      { on: '2026-03-20', name: 'Bajrami i Madh' },
      { on: '2026-03-23', name: 'Dita e Nevruzit' },
      { on: '2026-04-06', name: 'Pashkët katolike' },
      { on: '2026-04-13', name: 'Pashkët ortodokse' },
      { on: '2026-05-01', name: 'Dita e Punëtorëve' },
      { on: '2026-05-27', name: 'Kurban Bajrami' },
      { on: '2026-09-07', name: 'Dita e Shenjtërimit të Shenjt Terezës' },
      { on: '2026-11-23', name: 'Dita e Alfabetit' },
      { on: '2026-11-30', name: 'Dita e Flamurit' },
      { on: '2026-12-01', name: 'Dita e Çlirimit' },
      { on: '2026-12-08', name: 'Dita e Rinisë' },
      { on: '2026-12-25', name: 'Krishtlindjet' },
      ...provisional([
        { on: '2027-01-01', name: 'Viti i Ri' },
        { on: '2027-01-04', name: 'Viti i Ri' },
        { on: '2027-03-10', name: 'Bajrami i Madh' },
        { on: '2027-03-15', name: 'Dita e Verës' },
        { on: '2027-03-22', name: 'Dita e Nevruzit' },
        { on: '2027-03-29', name: 'Pashkët katolike' },
        { on: '2027-05-03', name: 'Dita e Punëtorëve' },
        { on: '2027-05-04', name: 'Pashkët ortodokse' },
        { on: '2027-05-17', name: 'Kurban Bajrami' },
        { on: '2027-09-06', name: 'Dita e Shenjtërimit të Shenjt Terezës' },
        { on: '2027-11-22', name: 'Dita e Alfabetit' },
        { on: '2027-11-29', name: 'Dita e Flamurit' },
        { on: '2027-11-30', name: 'Dita e Çlirimit' },
        { on: '2027-12-08', name: 'Dita e Rinisë' },
        { on: '2027-12-27', name: 'Krishtlindjet' },
      ]),
    ],
  },
  XK: {
    source: 'Ligji nr. 03/L-064',
    days: [
      { on: '2026-01-01', name: 'Viti i Ri' },
      { on: '2026-01-02', name: 'Viti i Ri' },
      { on: '2026-01-07', name: 'Krishtlindjet ortodokse' },
      { on: '2026-02-17', name: 'Dita e Pavarësisë' },
      { on: '2026-03-20', name: 'Bajrami i Madh' },
      { on: '2026-04-06', name: 'E hëna e Pashkëve katolike' },
      { on: '2026-04-09', name: 'Dita e Kushtetutës' },
      { on: '2026-04-13', name: 'E hëna e Pashkëve ortodokse' },
      { on: '2026-05-01', name: 'Dita e Punës' },
      { on: '2026-05-11', name: 'Dita e Evropës' },
      { on: '2026-05-27', name: 'Kurban Bajrami' },
      { on: '2026-12-25', name: 'Krishtlindjet katolike' },
      ...provisional([
        { on: '2027-01-01', name: 'Viti i Ri' },
        { on: '2027-01-04', name: 'Viti i Ri' },
        { on: '2027-01-07', name: 'Krishtlindjet ortodokse' },
        { on: '2027-02-17', name: 'Dita e Pavarësisë' },
        { on: '2027-03-10', name: 'Bajrami i Madh' },
        { on: '2027-03-29', name: 'E hëna e Pashkëve katolike' },
        { on: '2027-04-09', name: 'Dita e Kushtetutës' },
        { on: '2027-05-03', name: 'Dita e Punës' },
        { on: '2027-05-04', name: 'E hëna e Pashkëve ortodokse' },
        { on: '2027-05-10', name: 'Dita e Evropës' },
        { on: '2027-05-17', name: 'Kurban Bajrami' },
        { on: '2027-12-27', name: 'Krishtlindjet katolike' },
      ]),
    ],
  },
}

function provisional(days: DayOff[]): DayOff[] {
  return days.map(day => ({ ...day, isProvisional: true as const }))
}

/** Adds the years of which the database knows no day: what staff changed in the others stays. */
export async function addDaysOff(client: pg.ClientBase): Promise<void> {
  for (const [country, { source, days }] of Object.entries(daysOff)) {
    await client.query(
      `insert into days_off (country, "on", name, source, is_provisional)
       select $1, "on", name, $2, is_provisional
       from unnest($3::date[], $4::text[], $5::boolean[]) as known ("on", name, is_provisional)
       where not exists (select from days_off d where d.country = $1 and extract(year from d."on") = extract(year from known."on"))`,
      [
        country,
        source,
        days.map(({ on }) => on),
        days.map(({ name }) => name),
        days.map(({ isProvisional }) => isProvisional ?? false),
      ],
    )
  }
}
