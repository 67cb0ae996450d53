// Pages that only show something leave without the framework's scripts, which an old phone would load, compile and run for
// nothing. Every page works without them: one that loses them by mistake loses comfort alone. Next.js has no setting for it
// (https://github.com/vercel/next.js/issues/5054, https://github.com/vercel/next.js/issues/45009).

/** Each client component that a page may show by itself has this attribute in its markup, and so keeps the scripts. */
const NEEDS_SCRIPTS = ' data-scripted='

const SCRIPTS = /<script\b[^>]*>[\s\S]*?<\/script>|<link rel="preload" as="script"[^>]*>/g

/** A whole page as the framework wrote it, in UTF-8; it writes no `</script>` inside a script. */
export const withoutUnusedScripts = (page: Buffer): Buffer =>
  page.includes(NEEDS_SCRIPTS) ? page : Buffer.from(page.toString().replace(SCRIPTS, ''))
