# syntax=docker/dockerfile:1
FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /src
COPY . .
RUN mvn -q -B -pl proxy package -DskipTests

FROM eclipse-temurin:25-jre
RUN groupadd --system --gid 10001 turnout \
 && useradd --system --uid 10001 --gid turnout --home-dir /nonexistent --shell /usr/sbin/nologin turnout \
 && mkdir -p /etc/turnout /var/lib/turnout && chown turnout:turnout /var/lib/turnout
COPY --from=build /src/proxy/target/turnout.jar /opt/turnout/turnout.jar
USER 10001:10001
# The only folders that are written to; everything else may be read-only (docker run --read-only).
VOLUME ["/var/lib/turnout", "/tmp"]
EXPOSE 8080
STOPSIGNAL SIGTERM
ENTRYPOINT ["java", "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-XX:+ExitOnOutOfMemoryError", \
    "-XX:TrimNativeHeapInterval=30000", "-Xms64m", "-Xmx256m", \
    "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", \
    "-jar", "/opt/turnout/turnout.jar"]
CMD ["run", "/etc/turnout/turnout.yaml"]
