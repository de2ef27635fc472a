import type Docker from 'dockerode';

/** Answers every health check, and serves the ports that it is called with. */
const script = String.raw`
mkdir -p /www /bin && echo ok > /www/health
for name in pg_isready bash ollama celery curl python pgrep; do printf '#!/bin/sh\nexit 0\n' > /bin/$name; done
printf '#!/bin/sh\necho PONG\n' > /bin/redis-cli
cat > /bin/stand-in <<'EOF'
#!/bin/sh
for word; do case $word in *[!0-9]*) ;; *) busybox httpd -p "$word" -h /www ;; esac; done
exec sleep 99999
EOF
chmod +x /bin/stand-in /bin/redis-cli /bin/pg_isready /bin/bash /bin/ollama /bin/celery /bin/curl /bin/python /bin/pgrep
`;

export interface StandIns extends AsyncDisposable {
  /** The name of an image that stands in for one that no test may pull; it serves these ports by itself. */
  image(...ports: readonly string[]): Promise<string>;
}

/** Images that do nothing but look alive, made of our own; gone in the end. */
export async function standIns(docker: Docker, name: string): Promise<StandIns> {
  const container = await docker.createContainer({ Image: 'stackctl/busybox:1', Cmd: ['sh', '-c', script] });
  const made: string[] = [];
  try {
    await container.start();
    const { StatusCode } = (await container.wait()) as { StatusCode: number };
    if (StatusCode !== 0) throw new Error(`the image that stands in for others cannot be made: exit code ${StatusCode}`);
  } catch (error) {
    await container.remove({ force: true });
    throw error;
  }
  return {
    async image(...ports) {
      const tag = ports.length === 0 ? 'none' : ports.join('-');
      const image = `${name}-stand-in:${tag}`;
      const changes = [`ENTRYPOINT ["stand-in"]`, `CMD ${JSON.stringify(ports)}`].join('\n');
      if (!made.includes(image)) await container.commit({ repo: `${name}-stand-in`, tag, changes });
      made.push(image);
      return image;
    },
    async [Symbol.asyncDispose]() {
      await container.remove({ force: true });
      for (const image of new Set(made)) await docker.getImage(image).remove({ force: true });
    },
  };
}
