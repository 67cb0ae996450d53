// The addresses of the inbox.

type Place = { archived: boolean; page?: number; done?: string }

/** `page` counts from 1; `done`: what was just done there. */
export function inboxPath({ archived, page = 1, done }: Place): string {
  const query = new URLSearchParams({
    ...(archived && { show: 'archive' }),
    ...(page > 1 && { page: String(page) }),
    ...(done && { done }),
  })
  return query.size > 0 ? `/inbox?${query}` : '/inbox'
}
