// Whoever has signed out of a session that a directory began: on to the directory, where it ends too.
import { redirect } from 'next/navigation'
import { linkTo } from '@/components/link-to.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { endedCookie } from '@/lib/auth/sealed-cookie.ts'
import { endOf } from '@/lib/directories/sign-out.ts'
import { getTranslations } from '@/lib/request/locale.ts'

export default async function SignedOutPage() {
  const sessionId = await endedCookie.read()
  const end = sessionId && (await endOf(sessionId))
  if (!end) redirect('/staff/sign-in')
  const { name, address } = end
  const t = await getTranslations('staffSignIn')
  return (
    <PageShell title={t('ended.title')}>
      {address && <meta httpEquiv="refresh" content={`0;url=${address}`} />}
      <Notice tone={address ? 'plain' : 'wait'}>
        {address ? t.rich('ended.text', { name, link: linkTo(address) }) : t('ended.stays', { name })}
      </Notice>
    </PageShell>
  )
}
