// How a PDF is answered: shown in the browser, stored nowhere on the way.

/** `name` without ending; whatever a file name cannot hold everywhere becomes a hyphen. */
export const pdfResponse = (pdf: Buffer, name: string): Response =>
  new Response(new Uint8Array(pdf), {
    headers: {
      'Content-Type': 'application/pdf',
      'Content-Disposition': `inline; filename="${name.replace(/[^A-Za-z0-9._-]+/g, '-')}.pdf"`,
      'Cache-Control': 'private, no-store',
    },
  })
