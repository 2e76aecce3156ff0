/**
 * Every fault that crowdbit reports, by its stable code. The text says what the fault is; docs/errors.md has a heading
 * per code with cause, example and remedy, and a test keeps both lists equal.
 */
export const errorCodes = {
  // Ids
  ID_WRONG_TYPE: 'an id is a string, an unsigned safe integer, or a bigint from 0 to 2^64 - 1',
  ID_EMPTY: 'the empty string is not an id',
  ID_TOO_LONG: 'an id has at most 65,535 bytes of UTF-8',
  ID_LONE_SURROGATE: 'an id with half a surrogate pair does not survive UTF-8',
  ID_NOT_AN_INTEGER: 'a number id must be a whole number from 0 to 2^53 - 1',
  ID_OUT_OF_RANGE: 'a bigint id must be from 0 to 2^64 - 1',
  IDS_EXHAUSTED: 'all 4,294,967,295 dense numbers are given out',
  DENSE_UNKNOWN: 'a dense number belongs to no living person of this engine',
  MEMBERS_WRONG_TYPE: 'members are given as ids, dense numbers or portable Roaring bytes',
  // Schema and columns
  SCHEMA_INVALID: 'the schema is not an object of columns',
  SCHEMA_NAME_INVALID: 'a column name is 1 to 256 characters without control characters or outer white space',
  SCHEMA_NAME_TAKEN: 'two columns have the same name after NFC',
  SCHEMA_COLUMN_UNKNOWN: 'no column has this name',
  SCHEMA_COLUMN_WRONG_KIND: 'the column is of another kind than the call needs',
  SCHEMA_COLUMN_IN_USE: 'saved audiences name this column',
  VALUE_WRONG_TYPE: 'the value does not fit the column',
  VALUE_LONE_SURROGATE: 'a text with half a surrogate pair does not survive UTF-8',
  VALUE_TOO_LONG: 'a category value has at most 65,535 bytes of UTF-8',
  VALUE_NOT_ALLOWED: 'the column lists its values, and this is none of them',
  VALUES_EXHAUSTED: 'a category column holds at most 16,000,000 distinct values',
  // Rules
  RULE_NOT_A_RULE: 'neither a rule, nor its JSON, nor its text',
  RULE_SYNTAX: 'the text is not a rule',
  RULE_AMBIGUOUS: 'the text has two readings; parentheses say which is meant',
  RULE_UNKNOWN_TAG: 'the rule names a tag that the schema does not have',
  RULE_UNKNOWN_KEY: 'the JSON of a rule has a key that means nothing',
  RULE_WRONG_TYPE: 'a part of the rule has the wrong type',
  RULE_WRONG_OPERATOR: 'the operator does not fit the kind of the tag',
  RULE_VALUE_NOT_ALLOWED: 'the tag lists its values, and this is none of them',
  RULE_EMPTY_AND: 'and() of nothing would be everyone, so it is refused',
  RULE_EMPTY: 'the operation needs at least one rule',
  RULE_BAD_COUNT: 'at least k of … needs a whole number k of 1 or more',
  RULE_BAD_PATTERN: 'the regular expression is not in the linear-time syntax, or is too large',
  RULE_UNKNOWN_AUDIENCE: 'the rule names an audience that the workspace does not have',
  RULE_UNKNOWN_VERSION: 'the rule pins a version of an audience that is not kept',
  RULE_CYCLE: 'an audience would be defined by itself',
  RULE_TOO_DEEP: 'the rule is nested deeper than the limit',
  RULE_TOO_LARGE: 'the rule has more conditions than the limit',
  RULE_TOO_LONG: 'the text of the rule is longer than the limit',
  RULE_LIST_TOO_LONG: 'a list of values is longer than the limit',
  RULE_UNBOUND_PARAMETER: 'the rule is a template: a parameter has no value yet',
  TEMPLATE_INVALID: 'the template is not well formed',
  TEMPLATE_UNKNOWN_PARAMETER: 'the template has no such parameter',
  TEMPLATE_MISSING_PARAMETER: 'a parameter without default has no value',
  TEMPLATE_WRONG_TYPE: 'the value does not fit the parameter',
  // Audiences
  AUDIENCE_NAME_INVALID: 'a name is 1 to 256 characters without control characters',
  AUDIENCE_NAME_TAKEN: 'the workspace has an audience of this name',
  AUDIENCE_UNKNOWN: 'the workspace has no audience of this name',
  AUDIENCE_WRONG_KIND: 'the call is for the other kind of audience',
  AUDIENCE_TOO_SMALL: 'the audience has fewer people than its minimum',
  AUDIENCE_TOO_LARGE: 'the audience has more people than its maximum',
  AUDIENCE_BOUNDS_INVALID: 'bounds are whole numbers with 0 <= min <= max <= 4,294,967,295',
  AUDIENCE_IN_USE: 'other audiences name this one',
  AUDIENCE_VERSION_UNKNOWN: 'the audience keeps no such version',
  WORKSPACE_NAME_INVALID: 'a workspace name is 1 to 256 characters without control characters',
  WORKSPACE_UNKNOWN: 'the engine has no workspace of this name',
  // Answers
  CURSOR_INVALID: 'the cursor was not made by page()',
  OPTION_INVALID: 'an option is out of its range, unknown, or contradicts another',
  BITMAP_INVALID: 'the bytes are not a valid portable Roaring bitmap',
  USER_SET_RELEASED: 'the user set was released',
  USER_SET_FOREIGN: 'the user sets belong to two different engines',
  // Store
  STORE_NOT_FOUND: 'the folder holds no saved engine',
  STORE_CORRUPT: 'the saved engine is damaged',
  STORE_VERSION_UNSUPPORTED: 'the saved engine was written by a newer crowdbit',
  STORE_IO: 'the file system refused',
  STORE_SCHEMA_MISMATCH: 'the saved schema is not the one that was given',
  // Ingest
  INGEST_SOURCE: 'the source could not be read to its end',
  INGEST_MAPPING: 'the mapping of columns does not fit the source or the schema',
  INGEST_ABORTED: 'the abort signal ended the ingest',
  INGEST_TOO_MANY_REJECTS: 'more rows were rejected than the option maxRejects allows',
  INGEST_ROW_MALFORMED: 'a row of the source is not well formed',
  INGEST_ROW_TOO_LONG: 'a row of the source is longer than the option maxRowBytes allows',
  // Ours
  INTERNAL: 'a fault of crowdbit itself',
} as const

/** The stable code of a fault: one of the keys of the table. */
export type ErrorCode = keyof typeof errorCodes
