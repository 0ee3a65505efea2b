# syntax=docker/dockerfile:1

# The image of a release: docker build -t curfew:0.2.0 .
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

# Makes the package, as `npm run package` does anywhere.
FROM ${NODE_IMAGE} AS package
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
COPY client/package.json client/
RUN npm ci
COPY . .
RUN npm run package

# Installs the package with what it depends on, and nothing else.
FROM ${NODE_IMAGE} AS install
WORKDIR /opt/curfew
COPY --from=package /src/curfew-[0-9]*.tgz /tmp/
RUN npm install --prefix /opt/curfew --omit=dev --ignore-scripts --no-audit --no-fund /tmp/curfew-[0-9]*.tgz
# Owned by root and writable by nobody else: the server cannot change its own code.
RUN chmod -R u=rwX,go=rX /opt/curfew

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="Curfew" \
      org.opencontainers.image.description="Decides when a signed-in session must end, tells everyone in time, and ends it." \
      org.opencontainers.image.licenses="MIT"
COPY --from=install /opt/curfew /opt/curfew
# Only the embedded database writes, into DATA_DIR. With DATABASE_URL the root file system can be read-only.
RUN mkdir /data && chown 1000:1000 /data && chmod 700 /data
# With the command "curfew" on the path: docker exec CONTAINER curfew admin --help
ENV PATH=/opt/curfew/node_modules/.bin:$PATH NODE_ENV=production HOST=0.0.0.0 PORT=4000 DATA_DIR=/data
WORKDIR /data
VOLUME /data
EXPOSE 4000
# The user "node" of the base image, as a number: Kubernetes checks that it is not 0.
USER 1000:1000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/opt/curfew/node_modules/curfew/bin/curfew.cjs"]
CMD ["start"]
