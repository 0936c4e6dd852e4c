# syntax=docker/dockerfile:1
# The silo as an image: docker build -t grid .
# 1. Build on the builder's own platform, for the target's.
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0 AS build
ARG TARGETARCH
ENV DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
WORKDIR /src
COPY .editorconfig global.json Directory.Build.props Directory.Packages.props ./
COPY src/ src/
COPY samples/flights/ samples/flights/
RUN dotnet restore src/Grid.Silo/Grid.Silo.csproj --arch $TARGETARCH
RUN dotnet publish src/Grid.Silo/Grid.Silo.csproj --configuration Release --arch $TARGETARCH --self-contained false --no-restore --output /app
# Of the builds of librdkafka that the package brings, the one that needs nothing that the final image lacks: the usual one wants libsasl2, for Kerberos alone.
RUN if [ -e /app/centos8-librdkafka.so ]; then mv /app/centos8-librdkafka.so /app/librdkafka.so; fi && rm -f /app/alpine-librdkafka.so
# The folder of the state, made here because the final image has no shell; a volume that is mounted there takes its owner over.
RUN mkdir -p /state

# 2. No shell, no package manager, no root: user 1654 is the image's own.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
WORKDIR /app
COPY --from=build /app ./
COPY --from=build --chown=1654:1654 /state /var/lib/grid
USER 1654:1654
ENV GRID_HTTPADDRESS=http://0.0.0.0:8000 GRID_STATEFOLDER=/var/lib/grid
EXPOSE 8000 11111 30000
STOPSIGNAL SIGTERM
ENTRYPOINT ["dotnet", "/app/grid.dll"]
CMD ["serve"]
