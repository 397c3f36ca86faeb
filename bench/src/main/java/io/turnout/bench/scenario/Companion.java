package io.turnout.bench.scenario;

import io.turnout.bench.machine.Refusal;
import io.turnout.bench.peer.PeerProcess;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;

/** What is done to a peer each second while it carries load. Stateless. */
enum Companion {
    /** Nothing. */
    NONE,
    /** Its metrics are scraped, where it has some. */
    SCRAPE {
        @Override
        void onSecond(PeerProcess process, int second) throws IOException, Refusal {
            if (process.peer().hasMetrics()) {
                scrape(process);
            }
        }
    },
    /** It is reloaded, to other weights and back. */
    RELOAD {
        @Override
        void onSecond(PeerProcess process, int second) throws IOException {
            int shift = second % 2 == 0 ? 10 : 0;
            process.reload(Bench.STABLE_WEIGHT - shift, Bench.CANARY_WEIGHT + shift);
        }
    };

    private static final int SCRAPE_MILLIS = 5000;

    void onSecond(PeerProcess process, int second) throws IOException, Refusal {}

    private static void scrape(PeerProcess process) throws IOException, Refusal {
        URI address = URI.create("http://127.0.0.1:" + process.admin().getPort() + "/metrics");
        HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
        connection.setConnectTimeout(SCRAPE_MILLIS);
        connection.setReadTimeout(SCRAPE_MILLIS);
        if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
            throw new Refusal(address + " answered " + connection.getResponseCode() + ", expected metrics");
        }
        try (InputStream in = connection.getInputStream()) {
            if (in.readAllBytes().length == 0) {
                throw new Refusal(address + " answered nothing, expected metrics");
            }
        }
    }
}
