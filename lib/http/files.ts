// What is served as it lies there: the files of public/ and of the build.
import fs from 'node:fs'

const FOLDERS = new Set(fs.readdirSync('public').map(name => `/${name}`))

export const isPublicFile = (path: string): boolean => FOLDERS.has(/^\/[^/]*/.exec(path)![0])
export const isFile = (path: string): boolean => isPublicFile(path) || path.startsWith('/_next/static/')
