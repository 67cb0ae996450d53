// `npm start`: the portal on this machine, from nothing to its address.
const { installPackages, requireNode } = await import('./start/install.mjs')
requireNode()
installPackages()

process.chdir(new URL('..', import.meta.url).pathname)
// React renders several times faster with it.
Object.assign(process.env, { NODE_ENV: 'production' })
const { bundle } = await import('./start/bundle.mjs')
await import(bundle('start'))
