// On to the directory where this browser has begun to sign in.
import { redirect } from 'next/navigation'
import { linkTo } from '@/components/link-to.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { directoryCookie } from '@/lib/auth/sealed-cookie.ts'
import { begunAt } from '@/lib/directories/sign-in.ts'
import { getTranslations } from '@/lib/request/locale.ts'

export default async function LeavePage() {
  const begun = begunAt(await directoryCookie.read())
  if (!begun) redirect('/staff/sign-in?failed=otherBrowser')
  const { name, url } = begun
  const t = await getTranslations('staffSignIn')
  return (
    <PageShell title={t('leave.title', { name })}>
      <meta httpEquiv="refresh" content={`0;url=${url}`} />
      <Notice>{t.rich('leave.text', { name, link: linkTo(url) })}</Notice>
    </PageShell>
  )
}
