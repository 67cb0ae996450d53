'use client'
// Loads the page's content again every few seconds, as long as it is shown and looked at.
import { useRouter } from 'next/navigation'
import { useEffect } from 'react'

export function Watch({ seconds }: { seconds: number }) {
  const router = useRouter()
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') router.refresh()
    }, seconds * 1000)
    return () => clearInterval(timer)
  }, [router, seconds])
  return <span hidden data-scripted />
}
