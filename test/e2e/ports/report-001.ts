/** The stack of field report 001: both services on the host's network, the second after the first. `interval`: of the health check. */
export const stackOf = (
  ports: { readonly aidb: number; readonly webui: number },
  { rules: named = '', interval }: { readonly rules?: string; readonly interval: string },
): string => `${named}services:
  aidb:
    image: stackctl/busybox:1
    network_mode: host
    restart: always
    expose: ["${ports.aidb}"]
    command: [busybox, httpd, -f, -p, "${ports.aidb}", -h, /etc]
    healthcheck: { test: [CMD, busybox, wget, -q, -O, /dev/null, "http://127.0.0.1:${ports.aidb}/hostname"], interval: ${interval} }
    stop_grace_period: 100ms
  webui:
    image: stackctl/busybox:1
    network_mode: host
    restart: always
    command: [busybox, httpd, -f, -p, "${ports.webui}", -h, /etc]
    x-stack: { ready: { tcp: ${ports.webui} } }
    stop_grace_period: 100ms
    depends_on: { aidb: { condition: service_healthy } }
`;

/** What may be ended for its ports. */
export const rules = `x-stack:
  ports:
    on_conflict: reclaim
    reclaim: [{ command: "busybox httpd -f -p * -h /etc", user: root, grace: 2s }]
`;
