// An uploaded document, for whoever uploaded it and for the staff who deal with it: handed over as a file, never shown.
// The server adds nosniff, no-store and a policy of its own for these addresses (lib/http/headers.ts).
import { notFound } from 'next/navigation'
import { type Customer, refuseStaff, requireSignedIn, requireStaff } from '@/lib/auth/guards.ts'
import { getDocumentForStaff, getOwnDocument } from '@/lib/cases/documents.ts'
import { parseId } from '@/lib/cases/schema.ts'
import type { Document } from '@/lib/files/queries.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getOwnPhoto, getPhotoForStaff } from '@/lib/readings/photos.ts'

export async function GET(_: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const customer = await requireSignedIn()
  const id = parseId((await params).id)
  if (!id) notFound()
  const document =
    (await getOwnDocument(customer, id)) ??
    (await getOwnPhoto(customer, id)) ??
    (await documentForStaff(customer, id))
  const { name, type, bytes } = document
  return new Response(new Uint8Array(bytes), {
    headers: {
      'Content-Type': type,
      // RFC 6266: a plain name for old programs, the real one encoded.
      'Content-Disposition': `attachment; filename="${name.replace(/[^A-Za-z0-9._-]+/g, '-')}"; filename*=UTF-8''${encodeName(name)}`,
    },
  })
}

async function documentForStaff(customer: Customer, id: string): Promise<Document> {
  if (!customer.isStaff) notFound()
  const staff = await requireStaff()
  const now = clock.now()
  const document = (await getDocumentForStaff(staff, id, now)) ?? (await getPhotoForStaff(staff, id, now))
  return document ?? refuseStaff(customer, `document:${id}`)
}

/** RFC 5987 allows fewer characters than encodeURIComponent leaves. */
const encodeName = (name: string): string =>
  encodeURIComponent(name).replace(
    /['()*]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
