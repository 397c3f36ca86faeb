import io.undertow.Undertow;
import io.undertow.server.HttpHandler;
import io.undertow.server.handlers.proxy.LoadBalancingProxyClient;
import io.undertow.server.handlers.proxy.ProxyHandler;
import java.net.URI;
import java.util.concurrent.ThreadLocalRandom;

/** Undertow's ProxyHandler on one I/O thread. Arguments: own port, then a backend's port and weight for each pool. */
public final class UndertowProxy {
    private UndertowProxy() {}

    public static void main(String[] args) {
        Undertow.builder()
                .setIoThreads(1)
                .setWorkerThreads(1)
                .addHttpListener(Integer.parseInt(args[0]), "127.0.0.1")
                .setHandler(handler(args))
                .build()
                .start();
    }

    private static HttpHandler handler(String[] args) {
        HttpHandler first = to(args[1]);
        if (args.length < 5) {
            return first;
        }
        HttpHandler second = to(args[3]);
        int sum = Integer.parseInt(args[2]) + Integer.parseInt(args[4]);
        int canary = Integer.parseInt(args[4]);
        return exchange -> (ThreadLocalRandom.current().nextInt(sum) < canary ? second : first).handleRequest(exchange);
    }

    private static HttpHandler to(String port) {
        LoadBalancingProxyClient client = new LoadBalancingProxyClient().setConnectionsPerThread(1024);
        client.addHost(URI.create("http://127.0.0.1:" + port));
        return ProxyHandler.builder()
                .setProxyClient(client)
                .setReuseXForwarded(true)
                .setMaxRequestTime(600_000)
                .build();
    }
}
