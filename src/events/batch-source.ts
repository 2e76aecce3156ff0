/** A column of a batch as a partition takes it: codes with what they mean in the dictionary of the property. */
export type PartColumn =
  | { readonly kind: 'category'; readonly codes: Uint32Array; readonly meaning: Uint32Array }
  | { readonly kind: 'number'; readonly values: Float64Array }
  | { readonly kind: 'flag'; readonly bits: Uint8Array }

/** What is written of a batch, as columns. */
export interface BatchSource {
  readonly people: Uint32Array
  readonly times: Float64Array
  /** Numbers of the event ids; `null` where no event has one. */
  readonly eventIds: Uint32Array | null
  /** For each property in the order of the schema; `null` for one that is absent from all. */
  readonly columns: readonly (PartColumn | null)[]
}
