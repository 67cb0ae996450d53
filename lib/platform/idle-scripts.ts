// Pages that only show something leave without the framework's scripts, which an old phone would load, compile and run for
// nothing. Every page works without them: one that loses them by mistake loses comfort alone.

/** Each client component that a page may show by itself has this attribute in its markup, and so keeps the scripts. */
const NEEDS_SCRIPTS = ' data-scripted='

const SCRIPTS = /<script\b[^>]*>[\s\S]*?<\/script>|<link rel="preload" as="script"[^>]*>/g

/** A whole page as the framework wrote it, which writes no `</script>` inside a script. */
export function withoutIdleScripts(html: string): string {
  return html.includes(NEEDS_SCRIPTS) ? html : html.replace(SCRIPTS, '')
}
