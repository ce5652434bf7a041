# docker build --tag codeport .   (docs/deployment.md tells how to run it)

FROM node:24-bookworm-slim AS build
WORKDIR /source
COPY . .
RUN npm ci --no-audit --no-fund
RUN npm pack --ignore-scripts --pack-destination /tmp
RUN npm install --prefix /opt/codeport --omit=dev --ignore-scripts --no-audit --no-fund /tmp/codeport-*.tgz

# What agents need at work: git, and npx for MCP servers. No compilers; a project's own tools belong in an image made from this one.
FROM node:24-bookworm-slim
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates git openssh-client tini \
  && rm -rf /var/lib/apt/lists/* \
  && git config --system --add safe.directory /workspace \
  && install --directory --owner=node --group=node /workspace
COPY --from=build /opt/codeport /opt/codeport
ENV PATH=/opt/codeport/node_modules/.bin:$PATH
USER node
WORKDIR /workspace
EXPOSE 4096
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:4096/global/health').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# tini takes care of processes that a tool's command left behind. Without OPENCODE_SERVER_PASSWORD the server refuses to start.
ENTRYPOINT ["tini", "--", "codeport"]
CMD ["serve", "--hostname", "0.0.0.0", "--port", "4096"]
