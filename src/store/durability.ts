/**
 * When what was written is made to survive a loss of power. Written means that it survives the process in any case.
 *
 * - `'always'`: a sync begins right after a write; writes that come meanwhile share the next.
 * - `{ intervalMs }`: at most that many milliseconds after a write.
 * - `'none'`: when it is asked for.
 */
export type Durability = 'always' | 'none' | { readonly intervalMs: number }
