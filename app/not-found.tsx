'use client'
// Where a script finds that something is not there. The page that says so is sent by the server: made here, it would
// be rendered, unseen, beside every page.
import { useEffect } from 'react'

export default function NotFound() {
  useEffect(() => location.replace('/missing'), [])
  return null
}
