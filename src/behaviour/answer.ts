import type { Bitmap } from '../bitmap/bitmap.ts'
import { DayState } from './day-state.ts'
import { bytesOf, type Derived } from './derived-cache.ts'
import type { Resolved } from './resolved.ts'

/** The people of a question, good while the days that it is about stay as they are. */
export class Answer implements Derived {
  readonly bitmap: Bitmap
  readonly bytes: number
  readonly #states: readonly DayState[]

  constructor(bitmap: Bitmap, resolved: Resolved) {
    this.bitmap = bitmap
    this.bytes = bytesOf(bitmap)
    this.#states = statesOf(resolved)
  }

  isCurrent(): boolean {
    for (const state of this.#states) if (!state.isCurrent()) return false
    return true
  }

  dispose(): void {
    this.bitmap.dispose()
  }
}

function statesOf(resolved: Resolved): readonly DayState[] {
  switch (resolved.kind) {
    case 'nobody':
      return []
    case 'difference':
      return [...statesOf(resolved.of), ...statesOf(resolved.without)]
    case 'leaf':
      return resolved.slices.flatMap((slice) => DayState.of(slice) ?? [])
  }
}
