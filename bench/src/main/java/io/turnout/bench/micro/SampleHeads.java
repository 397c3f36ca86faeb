package io.turnout.bench.micro;

import java.nio.charset.StandardCharsets;

/** The heads that the benchmarks read and write: what a browser and an ordinary service send. Stateless. */
final class SampleHeads {
    /** A request of a load generator: the smallest that is real. */
    static final byte[] SHORT_REQUEST = ascii("GET /1k HTTP/1.1\r\nHost: shop.example.com\r\n\r\n");

    /** A request of a browser, with a cookie that a split may be keyed by. */
    static final byte[] BROWSER_REQUEST = ascii("""
            GET /catalogue/shoes?size=42&colour=blue HTTP/1.1
            Host: shop.example.com
            User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0
            Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8
            Accept-Language: en-GB,en;q=0.5
            Accept-Encoding: gzip, deflate, br, zstd
            Connection: keep-alive
            Referer: https://shop.example.com/catalogue
            Cookie: theme=dark; uid=5f0c8b1e9a7d4c32; consent=yes
            Upgrade-Insecure-Requests: 1
            Sec-Fetch-Dest: document
            Sec-Fetch-Mode: navigate
            Sec-Fetch-Site: same-origin
            Priority: u=0, i

            """.replace("\n", "\r\n"));

    /** An answer of a service behind us. */
    static final byte[] ANSWER = ascii("""
            HTTP/1.1 200 OK
            Date: Sat, 21 Nov 2026 10:00:00 GMT
            Server: backend
            Content-Type: text/html; charset=utf-8
            Content-Length: 1024
            Cache-Control: private, max-age=0
            ETag: "5f0c8b1e9a7d4c32"

            """.replace("\n", "\r\n"));

    private SampleHeads() {}

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
