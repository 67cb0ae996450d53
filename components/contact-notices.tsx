// Says where an account's messages do not arrive, and where that is put right: an address that waits to be confirmed, an address or a
// number at which nothing arrives.
import type { Customer } from '@/lib/auth/guards.ts'
import { shownPhone } from '@/lib/billers/phones.ts'
import { shownEmail } from '@/lib/platform/emails.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import { linkTo } from './link-to.tsx'
import { Notice } from './ui/notice.tsx'

type Contact = Pick<Customer, 'unconfirmedEmail' | 'undeliverableEmail' | 'undeliverablePhone'>

export async function ContactNotices({ customer }: { customer: Contact }) {
  const { unconfirmedEmail, undeliverableEmail, undeliverablePhone } = customer
  const t = await getTranslations('contact')
  return (
    <>
      {undeliverableEmail !== null && (
        <Notice tone="bad" icon="mail">
          <p className="wrap-anywhere">
            {t.rich('undeliverable.email', {
              email: shownEmail(undeliverableEmail),
              link: linkTo('/account/contact?change=email'),
            })}
          </p>
        </Notice>
      )}
      {unconfirmedEmail !== null && undeliverableEmail === null && (
        <Notice tone="wait" icon="mail">
          <p className="wrap-anywhere">
            {t.rich('unverified.notice', { email: unconfirmedEmail, link: linkTo('/account/contact') })}
          </p>
        </Notice>
      )}
      {undeliverablePhone !== null && (
        <Notice tone="bad" icon="phone">
          <p>
            {t.rich('undeliverable.phone', {
              phone: shownPhone(undeliverablePhone),
              link: linkTo('/account/contact?change=phone'),
            })}
          </p>
        </Notice>
      )}
    </>
  )
}
