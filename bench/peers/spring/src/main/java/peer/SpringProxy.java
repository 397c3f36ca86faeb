package peer;

import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Spring Cloud Gateway on one event loop. Arguments: own port, then a backend's port and weight for each pool. */
@SpringBootApplication
public class SpringProxy {
    public static void main(String[] args) {
        System.setProperty("reactor.netty.ioWorkerCount", "1");
        Map<String, Object> settings = new HashMap<>();
        settings.put("server.address", "127.0.0.1");
        settings.put("server.port", args[0]);
        settings.put("logging.level.root", "warn");
        settings.put("spring.cloud.gateway.server.webflux.httpclient.pool.max-connections", "1024");
        settings.put("spring.cloud.gateway.server.webflux.x-forwarded.enabled", "true");
        settings.put("spring.cloud.gateway.server.webflux.trusted-proxies", "127\\.0\\.0\\.1");
        String routes = "spring.cloud.gateway.server.webflux.routes[%d].";
        for (int i = 1; i + 1 < args.length; i += 2) {
            String route = routes.formatted(i / 2);
            settings.put(route + "id", "pool" + i);
            settings.put(route + "uri", "http://127.0.0.1:" + args[i]);
            settings.put(route + "predicates[0]", args.length < 5 ? "Path=/**" : "Weight=all, " + args[i + 1]);
        }
        SpringApplication application = new SpringApplication(SpringProxy.class);
        application.setDefaultProperties(settings);
        application.run();
    }
}
