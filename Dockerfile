FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --loglevel=error
COPY . .
RUN npm run -s build && npm prune --omit=dev --loglevel=error
# What only building needs, although other packages may name it.
RUN rm -rf .next/cache && cd node_modules && rm -rf @next/swc-* lucide-react \
    prisma @prisma/engines @prisma/fetch-engine @prisma/dev @prisma/studio-core @prisma/streams-local \
    @prisma/query-plan-executor @electric-sql effect elkjs @visx \
    typescript @typescript tailwindcss @tailwindcss lightningcss*

FROM node:24-slim
ENV NODE_ENV=production WATCHKEEPER_DATA=/data
WORKDIR /app
COPY --from=build /app ./
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=5s --start-period=40s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/api/v1/health`).then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))"]
# Everything; append `web` or `worker` to run the parts in containers of their own.
ENTRYPOINT ["node", "lib/cli/boot.mjs", "start"]
