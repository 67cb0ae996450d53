// Names in capitals, as screens show them.
import { expect, it } from 'vitest'
import { inNormalCase } from '../../lib/platform/normal-case.ts'

it.each([
  ['TIRANA', 'Tirana'],
  ['DURRËS', 'Durrës'],
  ['FUSHË KOSOVË', 'Fushë Kosovë'],
  ['FUSHË-KRUJË', 'Fushë-Krujë'],
  ['ĐAKOVICA', 'Đakovica'],
  ['KOSOVSKA MITROVICA', 'Kosovska Mitrovica'],
  ['ŽUPANIJA ĆIĆEVAC, TRG NARODA', 'Županija Ćićevac, Trg Naroda'],
  ['RRUGA E KAVAJËS', 'Rruga e Kavajës'],
  ['BULEVARDI I DËSHMORËVE TË KOMBIT', 'Bulevardi i Dëshmorëve të Kombit'],
  // A letter at either end is no small word: an entrance, a number.
  ['PALLATI 21, HYRJA E', 'Pallati 21, Hyrja E'],
  ['UJORI I', 'Ujori I'],
  ['LAGJJA XIV', 'Lagjja XIV'],
  ['RRUGA NAIM FRASHËRI P.+3', 'Rruga Naim Frashëri P.+3'],
  ['RR. UKSHIN HOTI, NR. 12/A', 'Rr. Ukshin Hoti, Nr. 12/A'],
  ['AUTOSTRADA KM 5', 'Autostrada KM 5'],
  ['DPR2 PRISHTINË', 'DPR2 Prishtinë'],
  ['AL1', 'AL1'],
  ['ПРИЗРЕН', 'Призрен'],
])('the place %s reads %s', (stored, shown) => expect(inNormalCase(stored)).toBe(shown))

it.each([
  ['BLERTA KRASNIQI', 'Blerta Krasniqi'],
  ['ÇELA', 'Çela'],
  ['DERVISHI-KRYEZIU', 'Dervishi-Kryeziu'],
  ["D'ANGELO", "D'Angelo"],
  ['KRASNIQI E PODRIMJES', 'Krasniqi e Podrimjes'],
  ['DŽEMAL', 'Džemal'],
  ['IVI', 'Ivi'],
  ['XHELAL', 'Xhelal'],
  ['A.', 'A.'],
])('the name %s reads %s', (stored, shown) => expect(inNormalCase(stored)).toBe(shown))

it('leaves as it is what has a small letter, and what is masked', () => {
  for (const text of [
    'Tirana',
    'McDonald',
    'Rruga UÇK',
    'Petrović',
    'van der Berg',
    '**',
    '',
    'sh.p.k. BLERIM',
  ])
    expect(inNormalCase(text)).toBe(text)
})
