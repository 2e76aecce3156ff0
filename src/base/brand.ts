/** Brands: what a number means is part of its type, so that a dense number is never taken for a count or an id. */

declare const brand: unique symbol

/** `T` marked as a `Name`: assignable to `T`, while a plain `T` isn't assignable to it. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name }

/** A person's dense number inside one engine: unsigned, 32 bits, given out in order of first sight (law 1). */
export type DenseId = Brand<number, 'DenseId'>

/** An instant: milliseconds since 1970-01-01T00:00:00Z. */
export type Millis = Brand<number, 'Millis'>

/**
 * What the outside calls a person: a non-empty string of at most 65,535 UTF-8 bytes, or an unsigned integer (a safe
 * integer as `number`, up to 2^64 - 1 as `bigint`). The string `"7"` and the integer `7` are two different ids.
 */
export type ExternalId = string | number | bigint
