/** The words of a command line, and where it was cut off because an operator such as "&&" needs a shell. */
export interface ShellWords {
  readonly words: readonly string[];
  /** "&&", ";", "|" … and what follows; absent when the whole line was read. */
  readonly cut?: string;
}

interface State {
  readonly words: string[];
  word: string;
  begun: boolean;
  quote: '' | '"' | "'" | '`' | '(';
}

/**
 * Splits as Compose does (mattn/go-shellwords): quotes, backslashes, `$(…)` and backticks kept as text, no expansion; an operator
 * outside quotes ends the line. Undefined when a quote is not closed.
 */
export function shellWords(line: string): ShellWords | undefined {
  const state: State = { words: [], word: '', begun: false, quote: '' };
  for (let i = 0; i < line.length; i++) {
    const letter = line[i] ?? '';
    if (letter === '\\' && state.quote !== "'") {
      if (i + 1 === line.length) return undefined;
      add(state, line[++i] ?? '');
    } else if (';&|<>'.includes(letter) && state.quote === '') {
      if (letter === '>' && /^\d/.test(state.word)) state.begun = false;
      endWord(state);
      return { words: state.words, cut: line.slice(i) };
    } else if (!step(state, letter)) return undefined;
  }
  endWord(state);
  return state.quote === '' ? { words: state.words } : undefined;
}

/** One letter that is neither escaped nor an operator; false for brackets that do not belong to a `$(…)`. */
function step(state: State, letter: string): boolean {
  const { quote } = state;
  if (/[ \t\r\n]/.test(letter) && quote === '') endWord(state);
  else if ((letter === '"' || letter === "'") && (quote === '' || quote === letter || quote === '`')) {
    state.quote = quote === letter ? '' : letter;
    if (quote === letter) state.begun = true;
  } else if (letter === '`' && (quote === '' || quote === '`')) {
    state.quote = quote === '`' ? '' : '`';
    add(state, letter);
  } else if (letter === '(' && (quote === '' || quote === '(')) {
    if (quote === '(' || !state.word.endsWith('$')) return false;
    state.quote = '(';
    add(state, letter);
  } else if (letter === ')' && (quote === '' || quote === '(')) {
    state.quote = quote === '(' ? '' : '(';
    add(state, letter);
  } else add(state, letter);
  return true;
}

function add(state: State, letter: string): void {
  state.word += letter;
  state.begun = true;
}

function endWord(state: State): void {
  if (state.begun) state.words.push(state.word);
  state.word = '';
  state.begun = false;
}
