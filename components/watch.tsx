'use client'
// Looks every few seconds, as long as the page is shown, whether it says the same, and loads its content again where not.
import { useRouter } from 'next/navigation'
import { useEffect } from 'react'

/** `mark`: another one once the page says something else. */
export function Watch({ seconds, mark }: { seconds: number; mark: string }) {
  const router = useRouter()
  useEffect(() => {
    const timer = setInterval(async () => {
      if (document.visibilityState !== 'visible') return
      // The page as such: with its search it may be one that asks the bank. Not the router each time: where it gets no answer it leaves, and the browser shows a page of its own.
      const answer = await fetch(location.pathname, { cache: 'no-store' }).catch(() => undefined)
      const page = answer?.ok ? await answer.text().catch(() => undefined) : undefined
      if (page !== undefined && !page.includes(`data-mark="${mark}"`)) router.refresh()
    }, seconds * 1000)
    return () => clearInterval(timer)
  }, [router, seconds, mark])
  return <span hidden data-scripted data-mark={mark} />
}
