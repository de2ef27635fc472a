/**
 * Whether a text as a whole is what a pattern says, in which `*` stands for any text, also an empty one. In linear time; never a regular
 * expression of a user.
 */
export function glob(pattern: string): (text: string) => boolean {
  const [head = '', ...rest] = pattern.split('*');
  const tail = rest.pop();
  if (tail === undefined) return (text) => text === head;
  return (text) => {
    if (!text.startsWith(head)) return false;
    let at = head.length;
    for (const part of rest) {
      const found = text.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return text.slice(at).endsWith(tail);
  };
}
