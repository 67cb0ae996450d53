// What the portal is told of the directories of tests.

export const CLIENT = { id: 'drita', secret: 'a-secret-of-the-tests-directory' }

/** What STAFF_DIRECTORIES says of OSHEE's directory; `changed`: what matters to a test. */
export const directorySetting = (issuer: string, changed: Record<string, unknown> = {}) => ({
  name: 'OSHEE',
  issuer,
  clientId: CLIENT.id,
  clientSecret: CLIENT.secret,
  scopes: 'openid profile email',
  role: { claim: 'roles', values: { 'Drita.Agent': 'agent', 'Drita.Supervisor': 'supervisor' } },
  billers: ['oshee'],
  ...changed,
})

/** STAFF_DIRECTORIES of a portal that expects OSHEE's directory on this port. */
export const directoriesOn = (port: number): string =>
  JSON.stringify({ oshee: directorySetting(`http://localhost:${port}`) })
