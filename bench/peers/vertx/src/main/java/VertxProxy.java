import io.vertx.core.AbstractVerticle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.OriginRequestProvider;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;
import io.vertx.httpproxy.ProxyResponse;
import java.util.concurrent.ThreadLocalRandom;

/** The Vert.x HTTP proxy on one event loop. Arguments: own port, then a backend's port and weight for each pool. */
public final class VertxProxy extends AbstractVerticle {
    private final String[] args;

    private VertxProxy(String[] args) {
        this.args = args;
    }

    public static void main(String[] args) {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
        vertx.deployVerticle(new VertxProxy(args)).onFailure(failure -> {
            failure.printStackTrace();
            System.exit(1);
        });
    }

    @Override
    public void start() {
        HttpClient client = vertx.createHttpClient(
                new HttpClientOptions().setKeepAlive(true), new PoolOptions().setHttp1MaxSize(1024));
        HttpProxy proxy = HttpProxy.reverseProxy(client)
                .origin(OriginRequestProvider.selector(
                        context -> Future.succeededFuture(SocketAddress.inetSocketAddress(pick(), "127.0.0.1"))))
                .addInterceptor(new ForwardedFor());
        vertx.createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(Integer.parseInt(args[0])))
                .requestHandler(proxy)
                .listen();
    }

    private int pick() {
        if (args.length < 5) {
            return Integer.parseInt(args[1]);
        }
        int canary = Integer.parseInt(args[4]);
        int sum = Integer.parseInt(args[2]) + canary;
        return Integer.parseInt(ThreadLocalRandom.current().nextInt(sum) < canary ? args[3] : args[1]);
    }

    private static final class ForwardedFor implements ProxyInterceptor {
        @Override
        public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
            var request = context.request();
            request.putHeader(
                    "X-Forwarded-For",
                    request.proxiedRequest().remoteAddress().hostAddress());
            return context.sendRequest();
        }
    }
}
