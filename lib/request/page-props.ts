// What Next.js hands to a page: the parts of its address, and what its query may say.

export type PageProps<Part extends string = never, Query extends string = never> = {
  params: Promise<Record<Part, string>>
  searchParams: Promise<{ [Name in Query]?: string | string[] }>
}
