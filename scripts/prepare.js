import { existsSync } from 'node:fs'

// npm runs this after an installation in a clone, before it packs, and in the copy of the repository that it makes for
// `npm install git+…`, so that nobody gets a package without dist. An installation without the development
// dependencies has no compiler, and is left as it is.

if (existsSync(new URL('../node_modules/typescript/bin/tsc', import.meta.url))) await import('./build.js')
