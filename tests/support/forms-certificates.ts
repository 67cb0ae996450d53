// The forms of debt certificates: one is applied for, which a machine grants at once, and checked. An application that is with staff is
// answered and taken back by the forms of requests.
import * as certificates from '../../lib/certificates/forms.ts'
import { Customer } from './customer.ts'
import { contract, counts, type Row, signedInAs } from './form-people.ts'
import { customerOf } from './forms-staff.ts'
import { addCertificate } from './issued-certificates.ts'
import { rows } from './portal-process.ts'

/** The same one each time: what is asked leads to it. */
const CODE = '7KQM2XVDRT84HN6P'

export const FORMS_OF_CERTIFICATES: Row[] = [
  {
    form: certificates.certificateForm as never,
    field: 'fatherName',
    wrong: {
      firstName: 'http://x',
      lastName: '<b>',
      fatherName: '1',
      personalNumber: '12',
      intent: 'apply',
    },
    ready: async (portal, url) => {
      const { one, code } = await customerOf(portal, true)
      return {
        ...(await signedInAs(one, url)),
        path: `/certificates/new?kind=household&contract=kesco/${code}`,
        right: { fatherName: 'Agim', confirmPersonalNumber: 'on', language: 'en', intent: 'apply' },
        done: counts(portal, `certificates where account_id = $1`, one.id),
      }
    },
  },
  {
    form: certificates.certificateCheckForm as never,
    field: 'code',
    wrong: { code: '7KQM-2XVD' },
    ready: async ({ databaseUrl, ...portal }, url) => {
      const [of] = await rows<{ id: number; code: string }>(
        databaseUrl,
        'select id::int, code from contracts where code = $1',
        [await contract({ databaseUrl, ...portal })],
      )
      await addCertificate((text, values) => rows(databaseUrl, text, values), {
        ...{ code: CODE, billerId: 2, contracts: [of!] },
      })
      // It changes nothing: of answers that were kept there is one more.
      const answers = async () => {
        const text = `select count(*)::int as count from form_answers where outcome = 'done'`
        return (await rows<{ count: number }>(databaseUrl, text))[0]!.count
      }
      const before = await answers()
      const done = async () => (await answers()) - before
      return { customer: new Customer(url), path: '/verify', right: { code: CODE }, done }
    },
  },
]
