interface Rule {
  readonly pattern: RegExp;
  readonly again: boolean;
}

/** What a .dockerignore file leaves out of a build. */
export interface IgnoreRules {
  ignores(path: string): boolean;
  /** Whether a folder that is left out may hold something that is not. */
  readonly exceptions: boolean;
}

/** Reads a .dockerignore: one pattern a line, "#" comments, "!" takes something in again, the last match decides. */
export function ignoreRules(text: string): IgnoreRules {
  const rules = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .flatMap(ruleOf);
  const matches = (path: string): boolean => rules.reduce((out, rule) => (rule.pattern.test(path) ? !rule.again : out), false);
  return { ignores: matches, exceptions: rules.some(({ again }) => again) };
}

function ruleOf(line: string): Rule[] {
  const again = line.startsWith('!');
  const parts = (again ? line.slice(1).trim() : line).split('/').filter((part) => part !== '' && part !== '.');
  if (parts.length === 0) return [];
  // A pattern matches a folder with all that is in it
  return [
    {
      pattern: new RegExp(
        `^${parts
          .map((part, i) => (part === '**' && i === parts.length - 1 ? '.*' : partPattern(part)))
          .join('')
          .replace(/\/$/, '')}(/.*)?$`,
        's',
      ),
      again,
    },
  ];
}

function partPattern(part: string): string {
  if (part === '**') return '(?:.*/)?';
  const glob = part.replace(/\*+|\?|\[(?:[^\]\\]|\\.)+\]|\\.|[.+^${}()|\\[\]]/g, (found) => {
    if (found.startsWith('*')) return found.length > 1 ? '.*' : '[^/]*';
    if (found === '?') return '[^/]';
    return found.length > 1 ? found : `\\${found}`;
  });
  return `${glob}/`;
}
