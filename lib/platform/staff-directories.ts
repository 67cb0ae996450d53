// The directories of companies that sign their own staff in: what the setting STAFF_DIRECTORIES says of each (docs/how-to/staff-directory.md).
import { z } from 'zod'
import { billerCodes } from '../../db/billers.ts'
import { staffRoles } from '../../db/enums.ts'

const text = z.string().min(1, 'is empty')
/** What a claim's value stands for here. */
const values = <Meant extends z.ZodType>(meant: Meant) =>
  z.record(text, meant).refine(of => Object.keys(of).length > 0, 'names no value')

const directory = z.strictObject({
  /** On the button of /staff/sign-in. */
  name: z.string().regex(/^[^\p{C}]{1,60}$/u, 'is no name of 60 characters at most'),
  issuer: z.url('is no address').refine(address => !/[?#]/.test(address), 'has a query'),
  clientId: text,
  clientSecret: text,
  scopes: z
    .string()
    .regex(/^openid( [\x21\x23-\x5b\x5d-\x7e]+)*$/, 'does not begin with openid')
    .default('openid profile'),
  /** Roles that are not here nobody gets by this directory, whatever it says. */
  role: z.strictObject({ claim: text, values: values(z.enum(staffRoles)) }),
  /** The billers of whoever it signs in; or those of a claim, of these. */
  billers: z.union([
    z.array(z.enum(billerCodes)).min(1, 'names no biller'),
    z.strictObject({ claim: text, values: values(z.enum(billerCodes)) }),
  ]),
  /** A claim that must say that a second step was passed: `amr` or `acr`, by the directory. Left out: its word is taken for it. */
  secondStep: z.strictObject({ claim: text, values: z.array(text).min(1, 'names no value') }).optional(),
})

export type StaffDirectory = z.infer<typeof directory> & { code: string }

const code = z.string().regex(/^[a-z][a-z0-9-]{0,29}$/, 'is no name of small letters, digits and hyphens')

/** By codes, which stand in the addresses that their companies enter at their directories. */
export const staffDirectories = z.record(code, directory).transform((of, context) => {
  const all = Object.entries(of).map(([code, one]): StaffDirectory => ({ ...one, code }))
  for (const { code, issuer } of all) {
    // Whoever the one signs in would be found by the other, which may give other roles.
    const other = all.find(one => one.issuer === issuer)!
    if (other.code !== code) {
      context.addIssue({ code: 'custom', path: [code, 'issuer'], message: `is that of ${other.code} too` })
    }
  }
  return all
})
