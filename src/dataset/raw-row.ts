/** Values to write for one person, not yet checked against the schema. */
export type RawRow = Readonly<Record<string, unknown>>
