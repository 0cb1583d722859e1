# The whole playground in one container, its own engine inside: for a machine whose Docker runs in a virtual machine, as
# on macOS and Windows, or for one that nothing is to be installed on. How it is run stands in compose.yaml.
FROM debian:bookworm-slim AS front-end
RUN apt-get -q update && apt-get -qy install --no-install-recommends ca-certificates npm
WORKDIR /opt/playground
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund --loglevel=error \
    && cat package.json package-lock.json | sha256sum > node_modules/stamp-run

FROM debian:bookworm-slim
WORKDIR /opt/playground
COPY --from=front-end /opt/playground/node_modules node_modules
COPY . .
RUN PIP_NO_CACHE_DIR=1 scripts/setup.sh && rm -rf /var/lib/apt/lists/*
# From outside it is reached at what compose.yaml publishes.
ENV PLAYGROUND_HOST=0.0.0.0
EXPOSE 8000
VOLUME /opt/playground/var /var/lib/playground
ENTRYPOINT ["scripts/in-a-container.sh"]
CMD ["run"]
