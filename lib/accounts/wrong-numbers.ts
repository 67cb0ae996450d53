// What is wrong with the numbers that people type where they register, dispute or add a business, by field.
import { type BillerCode, readContractCode } from '../billers/contract-codes.ts'
import { readPhone } from '../billers/phones.ts'
import { checkDigitFits, readPersonalNumber } from '../platform/identifiers.ts'
import { mayGetCodes } from './sms-limits.ts'

type Typed = Partial<{
  biller: BillerCode
  contractCode: string
  personalNumber: string
  /** The person says that the number is right although its check digit is not. */
  confirmPersonalNumber: string
  phone: string
}>
type WrongNumber = 'contractCodeForm' | 'personalNumberForm' | 'personalNumberCheck' | 'phoneForm'

/** Error keys of a person's numbers, as far as they were typed: contract codes and phones are their biller's. */
export function wrongNumbers(typed: Typed): Record<string, WrongNumber> {
  const { biller, contractCode, personalNumber, phone } = typed
  const wrong: Record<string, WrongNumber> = {}
  if (biller && contractCode !== undefined && !readContractCode(biller, contractCode)) {
    wrong.contractCode = 'contractCodeForm'
  }
  if (biller && phone !== undefined && !readPhone(phone, biller)) wrong.phone = 'phoneForm'
  if (personalNumber !== undefined) {
    const number = readPersonalNumber(personalNumber)
    if (!number) wrong.personalNumber = 'personalNumberForm'
    else if (!checkDigitFits(number) && !typed.confirmPersonalNumber) {
      wrong.personalNumber = 'personalNumberCheck'
    }
  }
  return wrong
}

/** The same where a code goes to the phone. */
export function wrongNumbersForCode(typed: Typed): Record<string, WrongNumber | 'phoneCountry'> {
  const phone = typed.phone === undefined ? undefined : readPhone(typed.phone, typed.biller)
  const elsewhere = phone !== undefined && !mayGetCodes(phone)
  return { ...(elsewhere && { phone: 'phoneCountry' as const }), ...wrongNumbers(typed) }
}
