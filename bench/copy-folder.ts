import { copyFileSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Copies the files of an engine's folder, as they are now, but for its lock. Gives the new folder. */
export function copyOf(from: string, to: string): string {
  mkdirSync(to)
  for (const name of readdirSync(from)) if (!name.startsWith('LOCK')) copyFileSync(join(from, name), join(to, name))
  return to
}
