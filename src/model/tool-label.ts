/** Labels of Compose, of Docker Desktop and of stackctl themselves: nobody declared them. */
export const isToolLabel = (label: string): boolean =>
  ['com.docker.compose.', 'io.stackctl.', 'desktop.'].some((prefix) => label.startsWith(prefix));
