// How a table for other programs is answered: as a file, stored nowhere on the way.

/** `name` without ending. The mark at its beginning tells spreadsheets that it is UTF-8. */
export const csvResponse = (lines: string[], name: string): Response =>
  new Response(`\ufeff${lines.join('\r\n')}\r\n`, {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="${name}.csv"`,
      'Cache-Control': 'private, no-store',
      'X-Content-Type-Options': 'nosniff',
    },
  })
