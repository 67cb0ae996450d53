// Says that an account's address still waits to be confirmed, and where that is done.
import type { Customer } from '@/lib/auth/guards.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import { linkTo } from './link-to.tsx'
import { Notice } from './ui/notice.tsx'

export async function UnconfirmedEmail({ customer: { unconfirmedEmail: email } }: { customer: Customer }) {
  if (email === null) return null
  const t = await getTranslations('contact')
  return (
    <Notice tone="wait" icon="mail">
      <p className="wrap-anywhere">
        {t.rich('unverified.notice', { email, link: linkTo('/account/contact') })}
      </p>
    </Notice>
  )
}
