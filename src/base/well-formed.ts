/**
 * Whether a text has no half of a surrogate pair, so that it survives UTF-8 unchanged.
 * Written out because Node 20's `String.prototype.isWellFormed` is missing from older type libraries and browsers.
 */
export function isWellFormed(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0xd800 || unit > 0xdfff) continue
    if (unit > 0xdbff) return false
    const next = text.charCodeAt(i + 1)
    if (!(next >= 0xdc00 && next <= 0xdfff)) return false
    i++
  }
  return true
}
