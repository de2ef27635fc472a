const form = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt ]\s*(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d+))?\s*(Z|[-+]\d{2}:\d{2})?)?$/;

/** An unquoted date of a file as Go prints it: 2001-1-2 is "2001-01-02T00:00:00Z". What it does not read stays as it is. */
export function goTime(date: string): string {
  const found = form.exec(date);
  if (!found) return date;
  const [, year = '', month = '', day = '', hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = found;
  const two = (digits: string): string => digits.padStart(2, '0');
  const parts = fraction.replace(/0+$/, '');
  const time = `${two(hour)}:${two(minute)}:${two(second)}${parts === '' ? '' : `.${parts}`}`;
  return `${year}-${two(month)}-${two(day)}T${time}${zone === '+00:00' ? 'Z' : zone}`;
}
